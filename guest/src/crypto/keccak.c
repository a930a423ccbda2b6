#include "crypto/keccak.h"

#include "crypto/syscall.h"

const struct bytes32 keccak256_of_nothing = {{0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d, 0xb2, 0xdc, 0xc7, 0x03, 0xc0,
	0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82, 0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70}};

/* Both machines are little endian, as the lanes of the state are. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the state is addressed as bytes");

void keccak256_init(struct keccak256 *hasher)
{
	*hasher = (struct keccak256){.filled = 0};
}

static void absorb_block(uint32_t *state, const uint8_t *block)
{
	if (((uintptr_t)block & 3) == 0)
		block = __builtin_assume_aligned(block, 4);
	for (int i = 0; i < keccak256_rate / 4; i++) {
		uint32_t word;
		memcpy(&word, block + 4 * i, sizeof word);
		state[i] ^= word;
	}
	syscall_keccak_f(state);
}

static void absorb_bytes(struct keccak256 *hasher, const uint8_t *bytes, size_t length)
{
	uint8_t *state = (uint8_t *)hasher->state;
	for (size_t i = 0; i < length; i++)
		state[hasher->filled + i] ^= bytes[i];
	hasher->filled += (uint32_t)length;
	if (hasher->filled == keccak256_rate) {
		syscall_keccak_f(hasher->state);
		hasher->filled = 0;
	}
}

void keccak256_update(struct keccak256 *hasher, const void *data, size_t length)
{
	const uint8_t *bytes = data;
	while (length > 0) {
		if (hasher->filled == 0 && length >= keccak256_rate) {
			absorb_block(hasher->state, bytes);
			bytes += keccak256_rate;
			length -= keccak256_rate;
			continue;
		}
		size_t room = keccak256_rate - hasher->filled;
		size_t taken = length < room ? length : room;
		absorb_bytes(hasher, bytes, taken);
		bytes += taken;
		length -= taken;
	}
}

void keccak256_final(struct keccak256 *hasher, uint8_t hash[32])
{
	uint8_t *state = (uint8_t *)hasher->state;
	state[hasher->filled] ^= 0x01;
	state[keccak256_rate - 1] ^= 0x80;
	syscall_keccak_f(hasher->state);
	memcpy(hash, state, 32);
}

void keccak256(const void *data, size_t length, uint8_t hash[32])
{
	struct keccak256 hasher;
	keccak256_init(&hasher);
	keccak256_update(&hasher, data, length);
	keccak256_final(&hasher, hash);
}
