#include "machine/keccak.h"

/*
 * Input: signed 32-bit numbers, little endian. Output: keccak256 of the same numbers in ascending order, of which the prover can
 * show all, or none: that they are sorted, and a permutation of the input, is what the proof is about.
 */

enum { MAX_COUNT = 1 << 20 };

static int32_t values[MAX_COUNT];

static void sift(uint32_t root, uint32_t count)
{
	int32_t value = values[root];
	for (;;) {
		uint32_t child = 2 * root + 1;
		if (child >= count)
			break;
		if (child + 1 < count && values[child + 1] > values[child])
			child++;
		if (values[child] <= value)
			break;
		values[root] = values[child];
		root = child;
	}
	values[root] = value;
}

static void sort(uint32_t count)
{
	for (uint32_t i = count / 2; i > 0; i--)
		sift(i - 1, count);
	for (uint32_t end = count; end > 1; end--) {
		int32_t greatest = values[0];
		values[0] = values[end - 1];
		values[end - 1] = greatest;
		sift(0, end - 1);
	}
}

uint32_t program(void)
{
	uint32_t length = *machine_input_length;
	if (length % sizeof(int32_t) != 0 || length > sizeof(values))
		return 1;
	uint32_t count = length / sizeof(int32_t);
	const int32_t *input = (const int32_t *)(const void *)machine_input;
	for (uint32_t i = 0; i < count; i++)
		values[i] = input[i];
	sort(count);
	uint32_t digest[8];
	keccak256(digest, (const uint8_t *)values, length);
	machine_commit(digest);
	return 0;
}
