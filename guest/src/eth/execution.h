#ifndef GUEST_ETH_EXECUTION_H
#define GUEST_ETH_EXECUTION_H

#include "eth/rules.h"
#include "eth/transaction.h"
#include "eth/world.h"
#include "evm/evm.h"

struct executor {
	const struct chain_rules *rules;
	struct arena *arena;
	struct state *state;
	struct evm *evm;
};

struct transaction_outcome {
	bool succeeded;
	uint64_t gas_used;
};

/* Executes a transaction as the block's next one; `gas_available` is what the block has left. A false one fails the run. */
status execute_transaction(struct executor *executor, const struct evm_block *block, const struct transaction *tx, uint64_t gas_available,
                           struct transaction_outcome *outcome);

#endif
