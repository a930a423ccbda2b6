#ifndef GUEST_CRYPTO_KECCAK_H
#define GUEST_CRYPTO_KECCAK_H

#include <stdint.h>

#include "base/bytes.h"

enum { keccak256_rate = 136 };

/* Hashes what arrives in pieces. */
struct keccak256 {
	uint32_t state[50];
	uint32_t filled; /* bytes of the current block that are already in the state */
};

void keccak256_init(struct keccak256 *hasher);
void keccak256_update(struct keccak256 *hasher, const void *data, size_t length);
void keccak256_final(struct keccak256 *hasher, uint8_t hash[32]);

/* The hash may stand in the data. */
void keccak256(const void *data, size_t length, uint8_t hash[32]);

/* keccak256 of nothing: the code hash of an account without code. */
extern const struct bytes32 keccak256_of_nothing;

#endif
