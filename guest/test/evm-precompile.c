#include "answer.h"
#include "eth/rlp.h"
#include "evm/precompiles.h"

/* Input: a list of calls [ fork, address, gas, input ]. Answers per call, in a line: `none`, `halt`, or the gas that is left and the output. */

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
		answer_text("none");
		return STATUS_OK;
	}
	TRY(precompile_run(&address, (enum fork)fork, input, gas, arena, &result));
	if (failure_first() != NULL)
		return failure_first()->code;
	if (!result.success) {
		answer_text("halt");
		return STATUS_OK;
	}
	answer_number(result.gas_left);
	answer_text(" ");
	answer_hex(result.output.data, result.output.length);
	return STATUS_OK;
}

static status run_all(struct slice input, struct arena *arena)
{
	struct rlp_reader calls;
	TRY(rlp_only_list(input, &calls));
	while (!rlp_at_end(&calls)) {
		struct rlp_reader one;
		size_t mark = arena_mark(arena);
		TRY(rlp_list(&calls, &one));
		TRY(run(&one, arena));
		answer_end_line();
		arena_release(arena, mark);
	}
	return STATUS_OK;
}

int main(void)
{
	struct slice input;
	struct arena arena;
	if (platform_input(&input) != STATUS_OK || platform_memory(&arena) != STATUS_OK)
		platform_halt(STATUS_INTERNAL);
	platform_halt(run_all(input, &arena));
}
