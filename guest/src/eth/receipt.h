#ifndef GUEST_ETH_RECEIPT_H
#define GUEST_ETH_RECEIPT_H

#include "base/arena.h"
#include "eth/header.h"
#include "eth/world.h"

struct receipt {
	uint8_t type;
	bool succeeded;
	uint64_t cumulative_gas;
	const struct log *logs;
	size_t log_count;
};

/* The receipt as the receipts trie holds it (EIP-658, EIP-2718), in the arena. Adds its bloom to that of the block. */
status receipt_encode(const struct receipt *receipt, struct arena *arena, uint8_t block_bloom[bloom_bytes], struct slice *encoded);

#endif
