#include "machine/machine.h"

/* Input: n, a word. Output: fib(n) modulo 2^256, little endian, and n in the exit code. */

static void add(uint32_t sum[8], const uint32_t other[8])
{
	uint64_t carry = 0;
	for (int i = 0; i < 8; i++) {
		carry += (uint64_t)sum[i] + other[i];
		sum[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

uint32_t program(void)
{
	if (*machine_input_length != 4)
		return UINT32_MAX;
	uint32_t n = *(const uint32_t *)(const void *)machine_input;
	uint32_t current[8] = {0};
	uint32_t next[8] = {1};
	for (uint32_t i = 0; i < n; i++) {
		uint32_t before[8];
		for (int j = 0; j < 8; j++)
			before[j] = next[j];
		add(next, current);
		for (int j = 0; j < 8; j++)
			current[j] = before[j];
	}
	machine_commit(current);
	return n;
}
