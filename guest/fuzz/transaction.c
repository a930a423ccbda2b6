#include "eth/transaction.h"

#include "eth/block.h"
#include "shared/rlp-mutator.h"

/* Input: a byte that chooses the reader and its rules, then a transaction, a header or a block. */

static void read_transaction(struct slice encoded, const struct chain_rules *rules, struct arena *arena)
{
	struct transaction tx;
	struct address who;
	uint64_t intrinsic, floor;
	if (transaction_read(encoded, rules, arena, &tx) != STATUS_OK)
		return;
	REQUIRE(tx.nonce < UINT64_MAX);
	REQUIRE(rules->fork < FORK_OSAKA || tx.gas_limit <= 1 << 24);
	(void)!transaction_intrinsic_gas(&tx, rules, &intrinsic, &floor);
	REQUIRE(intrinsic >= 21000);
	(void)!transaction_sender(&tx, &who);
	for (size_t i = 0; i < tx.authorization_count; i++) {
		struct authorization authorization;
		REQUIRE(authorization_read(&tx.authorizations, &authorization) == STATUS_OK);
		if (i < 2)
			(void)authorization_authority(&authorization, &who);
	}
	REQUIRE(rlp_at_end(&tx.authorizations));
}

static void read_block(struct slice encoded, const struct chain_rules *rules)
{
	struct block block;
	if (block_read(encoded, rules->fork, &block) != STATUS_OK)
		return;
	for (size_t i = 0; i < block.withdrawal_count; i++) {
		struct withdrawal withdrawal;
		if (withdrawal_read(&block.withdrawals, &withdrawal) != STATUS_OK)
			return;
	}
	REQUIRE(rlp_at_end(&block.withdrawals));
}

static void read_header(struct slice encoded, const struct chain_rules *rules)
{
	struct header header;
	if (header_read(encoded, rules->fork, &header) != STATUS_OK)
		return;
	struct header next = header;
	next.number++;
	next.timestamp++;
	next.parent_hash = header.hash;
	(void)!header_check(&next, &header, rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	if (size == 0)
		return 0;
	fuzz_arena(&arena, 1 << 20);
	struct chain_rules rules = {
		.fork = (enum fork)(2 - data[0] / 8 % 3),
		.chain_id = data[0] / 32 == 7 ? UINT64_MAX : 313372,
		.pinned_gas_limit = data[0] / 64 == 1 ? 0 : 30000000,
		.has_blobs = data[0] / 64 == 2,
	};
	struct slice encoded = slice_of(data + 1, size - 1);
	switch (data[0] % 8) {
	case 0:
		read_header(encoded, &rules);
		break;
	case 1:
		read_block(encoded, &rules);
		break;
	default:
		read_transaction(encoded, &rules, &arena);
	}
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	if (size < 3 || seed % 16 == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	/* Behind the choice, a typed transaction has its type before the list. */
	size_t head = data[1] < 0xc0 ? 2 : 1;
	return head + rlp_mutate(data + head, size - head, max_size - head, seed);
}
