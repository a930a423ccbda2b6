#include "eth/keyed_hash.h"

#include "crypto/keccak.h"

void hash_key_init(struct hash_key *key, const struct bytes32 *seed)
{
	uint8_t bytes[33];
	memcpy(bytes, seed->bytes, sizeof seed->bytes);
	for (size_t half = 0; half < 2; half++) {
		uint8_t hash[32];
		bytes[32] = (uint8_t)half;
		keccak256(bytes, sizeof bytes, hash);
		memcpy(&key->words[half * keyed_hash_words / 2], hash, sizeof hash);
	}
}
