#include "rollup/batch.h"

#include <stdio.h>
#include <stdlib.h>

#include "eth/rlp.h"
#include "platform/platform.h"

/* Input: a list of prover inputs. Prints the digest of each, or `failed STATUS`. */

static status run(struct slice bytes, struct arena *arena)
{
	/* A copy of exactly that length, so that a sanitizer sees a read beyond it. */
	uint8_t *copy = malloc(bytes.length == 0 ? 1 : bytes.length);
	if (copy == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	bytes_copy(copy, bytes.data, bytes.length);
	struct bytes32 digest;
	status result = batch_digest(slice_of(copy, bytes.length), arena, &digest);
	free(copy);
	/* As in main.c: a failure sticks. */
	if (failure_first() != NULL)
		result = failure_first()->code;
	if (result == STATUS_OK)
		platform_commit(&digest);
	return result;
}

int main(void)
{
	struct slice input;
	struct arena arena;
	struct rlp_reader inputs;
	if (platform_input(&input) != STATUS_OK || platform_memory(&arena) != STATUS_OK || rlp_only_list(input, &inputs) != STATUS_OK)
		platform_halt(STATUS_INTERNAL);
	while (!rlp_at_end(&inputs)) {
		struct slice one;
		size_t mark = arena_mark(&arena);
		status result = rlp_string(&inputs, &one);
		if (result == STATUS_OK)
			result = run(one, &arena);
		if (result != STATUS_OK)
			printf("failed %d\n", (int)result);
		arena_release(&arena, mark);
		failure_reset();
	}
	platform_halt(STATUS_OK);
}
