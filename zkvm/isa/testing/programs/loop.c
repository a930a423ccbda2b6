#include "../../../../guest/examples/machine/machine.h"

/* For bench/isa.ts: the input's word times a loop of what programs do most. The sum is the exit code. */

enum { SIZE = 4096 };

static uint32_t table[SIZE];

uint32_t program(void)
{
	uint32_t rounds = *(const uint32_t *)(const void *)machine_input;
	uint8_t *bytes = (uint8_t *)table;
	uint32_t x = 12345;
	uint32_t sum = 0;
	for (uint32_t round = 0; round < rounds; round++) {
		for (uint32_t i = 0; i < SIZE; i++) {
			x ^= x << 13;
			x ^= x >> 17;
			x ^= x << 5;
			table[i] += x;
			bytes[x % (4 * SIZE)] ^= (uint8_t)i;
			sum += (x & 1) != 0 ? table[(x >> 3) % SIZE] * (i | 1) : i;
		}
	}
	return sum;
}
