#include "eth/transaction.h"

#include <inttypes.h>
#include <stdio.h>

#include "platform/platform.h"

/* Input: [ fork, chain id, [transaction*] ]. Prints `sender intrinsic-gas`, or `failed STATUS DETAIL`, for each. */

static status run(struct slice encoded, const struct chain_rules *rules, struct arena *arena)
{
	struct transaction tx;
	struct address sender;
	uint64_t intrinsic, floor;
	TRY(transaction_read(encoded, rules, arena, &tx));
	TRY(transaction_intrinsic_gas(&tx, rules, &intrinsic, &floor));
	TRY(transaction_sender(&tx, &sender));
	printf("0x");
	for (size_t i = 0; i < sizeof sender.bytes; i++)
		printf("%02x", sender.bytes[i]);
	printf(" %" PRIu64 "\n", intrinsic);
	return STATUS_OK;
}

static status run_all(struct slice input, struct arena *arena)
{
	struct rlp_reader fields, transactions;
	uint64_t fork, chain_id;
	TRY(rlp_only_list(input, &fields));
	TRY(rlp_uint64(&fields, &fork));
	TRY(rlp_uint64(&fields, &chain_id));
	TRY(rlp_list(&fields, &transactions));
	struct chain_rules rules = {.fork = (enum fork)fork, .chain_id = chain_id, .has_blobs = true};
	while (!rlp_at_end(&transactions)) {
		struct slice encoded;
		TRY(rlp_string(&transactions, &encoded));
		if (run(encoded, &rules, arena) != STATUS_OK)
			printf("failed %d %u\n", (int)failure_first()->code, failure_first()->detail);
		failure_reset();
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
