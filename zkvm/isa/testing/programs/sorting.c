#include "machine.h"

/*
 * Sorts the input's signed words with a heap, in a copy. Output: their number, the least, the greatest, the sum of each times
 * its place (from 1, modulo 2^32) and the remainder of that sum by the number.
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

uint32_t program(void)
{
	uint32_t count = *machine_input_length / 4;
	if (count == 0 || count > MAX_COUNT)
		return 1;
	const int32_t *input = (const int32_t *)(const void *)machine_input;
	for (uint32_t i = 0; i < count; i++)
		values[i] = input[i];
	for (uint32_t i = count / 2; i > 0; i--)
		sift(i - 1, count);
	for (uint32_t end = count - 1; end > 0; end--) {
		int32_t greatest = values[0];
		values[0] = values[end];
		values[end] = greatest;
		sift(0, end);
	}
	uint32_t sum = 0;
	for (uint32_t i = 0; i < count; i++)
		sum += (uint32_t)values[i] * (i + 1);
	uint32_t output[8] = {count, (uint32_t)values[0], (uint32_t)values[count - 1], sum, sum % count};
	machine_commit(output);
	return 0;
}
