#ifndef GUEST_ROLLUP_INBOX_H
#define GUEST_ROLLUP_INBOX_H

#include "base/bytes.h"
#include "base/status.h"
#include "eth/block.h"
#include "eth/rlp.h"

enum { inbox_depth = 32 };

/*
 * docs/formats.md §3: the tree from one count on, and the items that the batch consumes. Without items there is no tree: the root is
 * what the first block says, and stays. It is L1 that knows it: the digest has it, before and after the batch, beside the count.
 */
struct inbox {
	uint64_t count;
	bool has_tree;
	struct bytes32 left[inbox_depth]; /* of the levels whose bit of the count is set */
	struct rlp_reader items;
	struct bytes32 root_before; /* when the batch begins */
	struct bytes32 root;        /* at the count, if it is known */
	bool is_root_known;
};

struct inbox_item {
	uint8_t kind;
	struct address sender;
	struct slice payload;
	uint64_t l1_time;
};

/* Without items the frontier is empty. */
status inbox_init(struct inbox *inbox, uint64_t count, struct rlp_reader frontier, struct rlp_reader items);
/* The tree at a count, by its left siblings; nothing to consume. */
status inbox_init_tree(struct inbox *inbox, uint64_t count, struct rlp_reader frontier);
status inbox_item_read(struct rlp_reader *items, struct inbox_item *item);
void inbox_leaf(uint64_t index, const struct inbox_item *item, struct bytes32 *leaf);
status inbox_append(struct inbox *inbox, const struct bytes32 *leaf);
/* Of a tree. */
void inbox_root(struct inbox *inbox, struct bytes32 *root);
/* Fails unless this is the root at the count, after a block that says so. */
status inbox_check_root(struct inbox *inbox, const struct bytes32 *claimed);
/* Each of the block's withdrawals is exactly the next deposit, or ether would come from nowhere. */
status inbox_consume(struct inbox *inbox, const struct block *block);
/* Fails unless every item was consumed. */
status inbox_end(const struct inbox *inbox);

#endif
