#ifndef GUEST_ETH_RULES_H
#define GUEST_ETH_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "evm/fork.h"

/* What distinguishes the chain of the rollup from those of official tests. */
struct chain_rules {
	enum fork fork;
	uint64_t chain_id;
	/* Every header has this gas limit; 0: it moves as on Ethereum. */
	uint64_t pinned_gas_limit;
	/* Blob transactions are allowed, and headers count their gas. */
	bool has_blobs;
};

#endif
