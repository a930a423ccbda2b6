#ifndef GUEST_ETH_TRIE_NODE_H
#define GUEST_ETH_TRIE_NODE_H

#include "eth/nibbles.h"
#include "eth/trie.h"

/* What a trie is made of; only the trie's own files know. */

enum trie_kind { TRIE_LEAF, TRIE_EXTENSION, TRIE_BRANCH };

struct trie_node {
	enum trie_kind kind;
	struct nibbles path; /* of a leaf (0 … 64) or an extension (1 … 64) */
	struct slice value;  /* of a leaf; of a branch, or of length 0 */
	struct trie_ref *children; /* 16 of a branch, 1 of an extension */
};

/* Nibbles on a path from the root, and so the most nodes on it but one. */
enum { trie_max_nibbles = 2 * trie_max_key, trie_branches = 16 };

struct trie_node *trie_new_leaf(struct trie *trie, struct nibbles path, struct slice value);
struct trie_node *trie_new_extension(struct trie *trie, struct nibbles path, struct trie_ref child);
struct trie_node *trie_new_branch(struct trie *trie);

static inline bool trie_ref_is_empty(const struct trie_ref *ref)
{
	return ref->encoded == NULL && ref->node == NULL;
}

/* Brings the node of a reference that is not empty into memory. */
status trie_load(struct trie *trie, struct trie_ref *ref);
/* Gives every reference below and this one its encoding. */
status trie_encode(struct trie *trie, struct trie_ref *ref);
/* The hash of the root node, which is hashed however short it is. */
status trie_encode_root(struct trie *trie, struct bytes32 *root);

#endif
