#ifndef GUEST_ETH_KEYED_HASH_H
#define GUEST_ETH_KEYED_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/*
 * Hashes for tables whose keys users choose. It is NH (Black, Halevi, Krawczyk, Krovetz, Rogaway 1999): under a key that nobody
 * foresees, two given messages meet with probability 2^-32. A hash without a key, or with a key that is known before the
 * transactions are, lets a user make all his slots meet in one place of the table, and a batch as slow as he likes.
 */

enum { keyed_hash_words = 16 };

struct hash_key {
	uint32_t words[keyed_hash_words];
};

/* The seed has less than a block of keccak. */
void hash_key_init(struct hash_key *key, struct slice seed);

/* Of an even number of words; a message's parts take up the key's words from `at` on, and their sums are added. */
static inline uint64_t keyed_hash_part(const struct hash_key *key, size_t at, const uint32_t *words, size_t count)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < count; i += 2)
		sum += (uint64_t)(words[i] + key->words[at + i]) * (uint32_t)(words[i + 1] + key->words[at + i + 1]);
	return sum;
}

/* For a table of a power of two of places. */
static inline uint32_t keyed_hash_fold(uint64_t sum)
{
	uint32_t hash = ((uint32_t)sum ^ (uint32_t)(sum >> 32)) * 0x9e3779b1u;
	return hash ^ hash >> 15;
}

#endif
