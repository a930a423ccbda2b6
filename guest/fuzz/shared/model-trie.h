#ifndef GUEST_FUZZ_MODEL_TRIE_H
#define GUEST_FUZZ_MODEL_TRIE_H

#include "shared/fuzz.h"

/*
 * A Merkle-Patricia trie as the Yellow Paper's appendix D defines it: a map, and a recursion that gives the root. Written for being
 * right, not for being fast, and with nothing of the guest's but keccak.
 */

enum { model_max_entries = 96, model_max_nodes = 512, model_max_key = 32, model_max_value = 80 };

struct model_entry {
	uint8_t key[model_max_key];
	size_t key_length;
	uint8_t value[model_max_value];
	size_t value_length;
};

struct model_node {
	uint8_t hash[32];
	uint8_t bytes[1024];
	size_t length;
};

struct model {
	struct model_entry entries[model_max_entries]; /* ascending by key */
	size_t count;
	struct model_node nodes[model_max_nodes]; /* those with a hash, from the last call of model_root */
	size_t node_count;
};

const struct model_entry *model_get(const struct model *model, const uint8_t *key, size_t key_length);
/* A value of length 0 deletes. False where there is no room. */
bool model_put(struct model *model, const uint8_t *key, size_t key_length, const uint8_t *value, size_t value_length);
void model_root(struct model *model, uint8_t root[32]);

#endif
