#ifndef GUEST_ROLLUP_MESSAGES_H
#define GUEST_ROLLUP_MESSAGES_H

#include "base/arena.h"
#include "eth/world.h"

enum { messages_levels = 32 };

/*
 * docs/formats.md §4: the root of the batch's L2 → L1 messages, leaf by leaf. As in a binary counter, level n keeps the root of
 * a full subtree of 2^n leaves where the count has bit n.
 */
struct messages {
	uint32_t transaction_count;
	uint32_t leaf_count;
	struct bytes32 subtrees[messages_levels];
};

void messages_init(struct messages *messages);
void messages_leaf(uint16_t transaction, const uint8_t sender[32], struct slice message, struct bytes32 *leaf);
status messages_append(struct messages *messages, const struct bytes32 *leaf);
/* The messages among the logs of the batch's next transaction. */
status messages_visit(struct messages *messages, const struct log *logs, size_t count);
void messages_root(const struct messages *messages, struct bytes32 *root);

#endif
