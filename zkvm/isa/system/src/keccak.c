#include "base.h"

enum { lanes = 25, rounds = 24, rate = 17 };

/* The state, then a block to absorb. */
static uint64_t operands[lanes + rate];

EXPORT uint64_t *keccak_operands(void)
{
	return operands;
}

static const uint64_t round_constants[rounds] = {
	0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
	0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
	0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
	0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/* By lane 5y + x: how far rho turns it (FIPS 202, 3.2.2), and which lane pi brings to its place (3.2.3). */
static const uint8_t turns[lanes] = {0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14};
static const uint8_t sources[lanes] = {0, 6, 12, 18, 24, 3, 9, 10, 16, 22, 1, 7, 13, 19, 20, 4, 5, 11, 17, 23, 2, 8, 14, 15, 21};

static uint64_t turned(uint64_t lane, int bits)
{
	return bits == 0 ? lane : lane << bits | lane >> (64 - bits);
}

#define UNROLLED _Pragma("clang loop unroll(full)")

EXPORT void keccak_permute(void)
{
	uint64_t a[lanes];
	uint64_t moved[lanes];
	UNROLLED for (int i = 0; i < lanes; i++)
		a[i] = operands[i];
	for (int round = 0; round < rounds; round++) {
		uint64_t column[5];
		UNROLLED for (int x = 0; x < 5; x++)
			column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
		UNROLLED for (int i = 0; i < lanes; i++)
		{
			int from = sources[i];
			moved[i] = turned(a[from] ^ column[(from + 4) % 5] ^ turned(column[(from + 1) % 5], 1), turns[from]);
		}
		UNROLLED for (int i = 0; i < lanes; i++)
		{
			int row = i - i % 5;
			a[i] = moved[i] ^ (~moved[row + (i + 1) % 5] & moved[row + (i + 2) % 5]);
		}
		a[0] ^= round_constants[round];
	}
	UNROLLED for (int i = 0; i < lanes; i++)
		operands[i] = a[i];
}

EXPORT void keccak_absorb(void)
{
	for (int i = 0; i < rate; i++)
		operands[i] ^= operands[lanes + i];
	keccak_permute();
}
