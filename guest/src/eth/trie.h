#ifndef GUEST_ETH_TRIE_H
#define GUEST_ETH_TRIE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"

struct witness;
struct trie_node;

/*
 * A Merkle-Patricia trie (Yellow Paper, appendix D) that loads its nodes from a witness when they are needed and keeps them.
 * A node that the witness lacks is STATUS_NODE_MISSING, never an absent key.
 */

/* A node as its parent refers to it: known by its encoding, or in memory, or both; neither is an empty trie. */
struct trie_ref {
	const uint8_t *encoded; /* an RLP item: a hash, or a whole node of less than 32 bytes; null after a change */
	struct trie_node *node;
};

struct trie {
	struct trie_ref root;
	const struct witness *witness; /* null: the trie began empty */
	struct arena *arena;
};

enum { trie_max_key = 32 };

extern const struct bytes32 trie_empty_root;

void trie_init_empty(struct trie *trie, struct arena *arena);
status trie_init(struct trie *trie, struct arena *arena, const struct witness *witness, const struct bytes32 *root);

/* Keys have 32 bytes at most. An absent key gives a slice of length 0: values are never empty. */
status trie_get(struct trie *trie, struct slice key, struct slice *value);
/* Key and value are copied. An empty value is refused. */
status trie_put(struct trie *trie, struct slice key, struct slice value);
/* Deleting what is not there changes nothing. */
status trie_delete(struct trie *trie, struct slice key);
status trie_root(struct trie *trie, struct bytes32 *root);

static inline bool trie_is_empty(const struct trie *trie)
{
	return trie->root.encoded == NULL && trie->root.node == NULL;
}

/* Root of the trie from RLP(index) to item. */
status trie_ordered_root(struct arena *arena, const struct slice *items, size_t count, struct bytes32 *root);

#endif
