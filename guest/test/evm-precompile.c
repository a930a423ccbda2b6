#include <stdio.h>

#include "eth/rlp.h"
#include "evm/precompiles.h"
#include "platform/platform.h"

/*
 * Input: a list of calls [ fork, address, gas, input ]. Prints per call, in a line: `missing NUMBER`, `halt`, or the gas that is left
 * and the output.
 */

static status run(struct rlp_reader *fields, struct arena *arena)
{
	uint64_t fork, gas;
	struct address address;
	struct slice input;
	struct precompile_result result;
	TRY(rlp_uint64(fields, &fork));
	TRY(rlp_address(fields, &address));
	TRY(rlp_uint64(fields, &gas));
	TRY(rlp_string(fields, &input));
	TRY(rlp_end(fields));
	if (!evm_is_precompile((enum fork)fork, &address)) {
		printf("none\n");
		return STATUS_OK;
	}
	status code = precompile_run(&address, (enum fork)fork, input, gas, arena, &result);
	if (code == STATUS_UNSUPPORTED) {
		printf("missing %u\n", (unsigned)failure_first()->detail);
		failure_reset();
		return STATUS_OK;
	}
	TRY(code);
	if (failure_first() != NULL)
		return failure_first()->code;
	if (!result.success) {
		printf("halt\n");
		return STATUS_OK;
	}
	printf("%llu 0x", (unsigned long long)result.gas_left);
	for (size_t i = 0; i < result.output.length; i++)
		printf("%02x", result.output.data[i]);
	printf("\n");
	return STATUS_OK;
}

int main(void)
{
	struct slice input;
	struct arena arena;
	struct rlp_reader calls;
	if (platform_input(&input) != STATUS_OK || platform_memory(&arena) != STATUS_OK || rlp_only_list(input, &calls) != STATUS_OK)
		return 1;
	size_t mark = arena_mark(&arena);
	while (!rlp_at_end(&calls)) {
		struct rlp_reader one;
		if (rlp_list(&calls, &one) != STATUS_OK || run(&one, &arena) != STATUS_OK)
			return 1;
		arena_release(&arena, mark);
	}
	return 0;
}
