#include "keccak.h"

enum { RATE = 136, LANES = 25, ROUNDS = 24 };

typedef union {
	uint64_t lanes[LANES];
	uint32_t words[2 * LANES];
} keccak_state;

#ifdef KECCAK_IN_C

static const uint64_t round_constants[ROUNDS] = {
	0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
	0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
	0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

static inline uint64_t rotate(uint64_t lane, unsigned bits)
{
	return (lane << bits) | (lane >> (64 - bits));
}

static void permute(uint64_t state[LANES])
{
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t parity[5];
		for (int x = 0; x < 5; x++)
			parity[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
		for (int x = 0; x < 5; x++) {
			uint64_t mix = parity[(x + 4) % 5] ^ rotate(parity[(x + 1) % 5], 1);
			for (int y = 0; y < LANES; y += 5)
				state[x + y] ^= mix;
		}
		/* rho and pi follow one cycle through the 24 lanes other than the first: (x, y) goes to (y, 2x + 3y). */
		uint64_t moving = state[1];
		int x = 1;
		int y = 0;
#pragma clang loop unroll(full)
		for (unsigned step = 1; step <= 24; step++) {
			int next = (2 * x + 3 * y) % 5;
			x = y;
			y = next;
			uint64_t moved = rotate(moving, (step * (step + 1) / 2) % 64);
			moving = state[x + 5 * y];
			state[x + 5 * y] = moved;
		}
		for (int row = 0; row < LANES; row += 5) {
			uint64_t first = state[row];
			uint64_t second = state[row + 1];
			for (int column = 0; column < 3; column++)
				state[row + column] ^= ~state[row + column + 1] & state[row + column + 2];
			state[row + 3] ^= ~state[row + 4] & first;
			state[row + 4] ^= ~first & second;
		}
		state[0] ^= round_constants[round];
	}
}

static void absorb(keccak_state *state, const uint32_t block[RATE / 4])
{
	for (int i = 0; i < RATE / 4; i++)
		state->words[i] ^= block[i];
	permute(state->lanes);
}

#else

static void absorb(keccak_state *state, const uint32_t block[RATE / 4])
{
	machine_call(MACHINE_KECCAK_ABSORB, (uint32_t)state->words, (uint32_t)block, 0);
}

#endif

void keccak256(uint32_t digest[8], const uint8_t *bytes, uint32_t length)
{
	keccak_state state = {{0}};
	/* Whole blocks are absorbed where they lie: the bytes are aligned and so is each block. */
	for (; length >= RATE; length -= RATE, bytes += RATE)
		absorb(&state, (const uint32_t *)(const void *)bytes);
	union {
		uint8_t bytes[RATE];
		uint32_t words[RATE / 4];
	} block = {{0}};
	for (uint32_t i = 0; i < length; i++)
		block.bytes[i] = bytes[i];
	block.bytes[length] = 0x01;
	block.bytes[RATE - 1] |= 0x80;
	absorb(&state, block.words);
	for (int i = 0; i < 8; i++)
		digest[i] = state.words[i];
}
