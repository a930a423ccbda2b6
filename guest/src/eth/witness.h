#ifndef GUEST_ETH_WITNESS_H
#define GUEST_ETH_WITNESS_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"
#include "eth/rlp.h"

struct witness_entry {
	struct bytes32 hash;
	uint32_t first; /* four bytes of it as a number: most comparisons need no more */
	struct slice bytes;
};

/* Byte strings by their keccak256, which is computed here. Entries ascend strictly by hash. */
struct witness_table {
	struct witness_entry *entries;
	size_t count;
};

struct witness {
	struct witness_table nodes;
	struct witness_table codes;
};

/* Reads a list of strings; what it finds stays where the input has it. Empty strings are fillers (docs/formats.md §6). */
status witness_table_init(struct witness_table *table, struct arena *arena, struct rlp_reader strings);

/* STATUS_NODE_MISSING, STATUS_CODE_MISSING where there is none. */
status witness_node(const struct witness *witness, const uint8_t hash[32], struct slice *node);
status witness_code(const struct witness *witness, const struct bytes32 *hash, struct slice *code);

#endif
