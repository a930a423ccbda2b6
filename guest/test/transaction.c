#include "eth/transaction.h"

#include "answer.h"

/* Input: a list of [ fork, chain id, transaction ]. Answers `sender intrinsic-gas`, or `failed STATUS DETAIL`, for each. */

static status run(struct rlp_reader *cases, struct arena *arena)
{
	struct rlp_reader fields;
	struct slice encoded;
	struct transaction tx;
	struct address sender;
	uint64_t fork, chain_id, intrinsic, floor;
	TRY(rlp_list(cases, &fields));
	TRY(rlp_uint64(&fields, &fork));
	TRY(rlp_uint64(&fields, &chain_id));
	TRY(rlp_string(&fields, &encoded));
	struct chain_rules rules = {.fork = (enum fork)fork, .chain_id = chain_id, .has_blobs = true};
	TRY(transaction_read(encoded, &rules, arena, &tx));
	TRY(transaction_intrinsic_gas(&tx, &rules, &intrinsic, &floor));
	TRY(transaction_sender(&tx, &sender));
	answer_hex(sender.bytes, sizeof sender.bytes);
	answer_text(" ");
	answer_number(intrinsic);
	return STATUS_OK;
}

static status run_all(struct slice input, struct arena *arena)
{
	struct rlp_reader cases;
	TRY(rlp_only_list(input, &cases));
	while (!rlp_at_end(&cases)) {
		size_t mark = arena_mark(arena);
		if (run(&cases, arena) != STATUS_OK) {
			answer_text("failed");
			answer_failure();
		}
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
