#include "crypto/keccak.h"

#include "crypto/syscall.h"

const struct bytes32 keccak256_of_nothing = {{0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d, 0xb2, 0xdc, 0xc7, 0x03, 0xc0,
	0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82, 0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70}};

/* Both machines are little endian, as the lanes of the state are. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the state is addressed as bytes");

enum { rate = keccak_block, state_words = 50, block_words = rate / 4 };

/* Bytes of less than a block in its place, with the padding; zeros up to `size`. */
static void put_last(uint32_t *words, size_t size, const uint8_t *bytes, size_t length)
{
	uint8_t *place = (uint8_t *)words;
	bytes_copy(place, bytes, length);
	memset(place + length, 0, size - length);
	place[length] = 0x01;
	place[rate - 1] |= 0x80;
}

static void absorb(uint32_t *state, const uint8_t *bytes)
{
	if (((uintptr_t)bytes & 3) == 0) {
		syscall_keccak_absorb(state, __builtin_assume_aligned(bytes, 4));
		return;
	}
	uint32_t block[block_words];
	memcpy(block, bytes, rate);
	syscall_keccak_absorb(state, block);
}

void keccak_expand(const void *data, size_t length, void *output, size_t output_length)
{
	uint32_t state[state_words];
	put_last(state, sizeof state, data, length);
	syscall_keccak_f(state);
	memcpy(output, state, output_length);
}

void keccak256(const void *data, size_t length, uint8_t hash[32])
{
	uint32_t state[state_words];
	const uint8_t *bytes = data;
	if (length < rate) {
		put_last(state, sizeof state, bytes, length);
		syscall_keccak_f(state);
	} else {
		uint32_t last[block_words];
		memset(state, 0, sizeof state);
		for (; length >= rate; length -= rate) {
			absorb(state, bytes);
			bytes += rate;
		}
		put_last(last, sizeof last, bytes, length);
		syscall_keccak_absorb(state, last);
	}
	memcpy(hash, state, 32);
}
