#ifndef GUEST_ETH_BLOCK_H
#define GUEST_ETH_BLOCK_H

#include "eth/execution.h"
#include "eth/header.h"
#include "eth/rlp.h"

struct block {
	struct header header;
	struct rlp_reader transactions; /* [ a list (legacy) or a string (typed) each ] */
	struct rlp_reader withdrawals;
	size_t transaction_count, withdrawal_count;
};

/* EIP-4895. The amount is in Gwei. */
struct withdrawal {
	struct slice encoded;
	uint64_t index, validator_index, amount;
	struct address address;
};

status block_read(struct slice encoded, enum fork fork, struct block *block);
status withdrawal_read(struct rlp_reader *withdrawals, struct withdrawal *withdrawal);

/* Sees the logs of each transaction, in order. */
struct log_visitor {
	status (*visit)(void *context, const struct log *logs, size_t count);
	void *context;
};

/* Checks the block after `parent`, executes it, and compares all that its header claims. The visitor may be null. */
status block_execute(struct executor *executor, const struct block *block, const struct header *parent, const struct log_visitor *visitor);

#endif
