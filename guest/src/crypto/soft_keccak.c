#include "base/bytes.h"
#include "crypto/syscall.h"

enum { lanes = 25, rounds = 24 };

static const uint64_t round_constants[rounds] = {
	0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
	0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
	0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/* Rho and pi walk through the lanes but the first in one cycle: where each goes next, and how far it turns. */
static const uint8_t pi_lane[lanes - 1] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};
static const uint8_t rho_turn[lanes - 1] = {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};

static inline uint64_t turn_left(uint64_t lane, unsigned bits)
{
	return lane << bits | lane >> (64 - bits);
}

static inline void theta(uint64_t *lane)
{
	uint64_t parity[5];
	for (int x = 0; x < 5; x++)
		parity[x] = lane[x] ^ lane[x + 5] ^ lane[x + 10] ^ lane[x + 15] ^ lane[x + 20];
	for (int x = 0; x < 5; x++) {
		uint64_t effect = parity[(x + 4) % 5] ^ turn_left(parity[(x + 1) % 5], 1);
		for (int y = 0; y < lanes; y += 5)
			lane[x + y] ^= effect;
	}
}

static inline void rho_pi(uint64_t *lane)
{
	uint64_t moved = lane[1];
	_Pragma("clang loop unroll(full)") for (int i = 0; i < lanes - 1; i++)
	{
		uint64_t next = lane[pi_lane[i]];
		lane[pi_lane[i]] = turn_left(moved, rho_turn[i]);
		moved = next;
	}
}

static inline void chi(uint64_t *lane)
{
	for (int y = 0; y < lanes; y += 5) {
		uint64_t first = lane[y];
		uint64_t second = lane[y + 1];
		lane[y] ^= ~second & lane[y + 2];
		lane[y + 1] ^= ~lane[y + 2] & lane[y + 3];
		lane[y + 2] ^= ~lane[y + 3] & lane[y + 4];
		lane[y + 3] ^= ~lane[y + 4] & first;
		lane[y + 4] ^= ~first & second;
	}
}

void syscall_keccak_f(uint32_t state[50])
{
	uint64_t lane[lanes];
	memcpy(lane, state, sizeof lane);
	for (int round = 0; round < rounds; round++) {
		theta(lane);
		rho_pi(lane);
		chi(lane);
		lane[0] ^= round_constants[round];
	}
	memcpy(state, lane, sizeof lane);
}

void syscall_keccak_absorb(uint32_t state[50], const uint32_t block[34])
{
	for (int i = 0; i < 34; i++)
		state[i] ^= block[i];
	syscall_keccak_f(state);
}
