#include "eth/keyed_hash.h"

#include "crypto/keccak.h"

_Static_assert(sizeof(struct hash_key) <= keccak_block, "one permutation gives a key");

void hash_key_init(struct hash_key *key, struct slice seed)
{
	keccak_expand(seed.data, seed.length, key->words, sizeof key->words);
}
