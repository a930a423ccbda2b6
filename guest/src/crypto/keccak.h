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
void keccak256_final(struct keccak256 *hasher, struct bytes32 *hash);

void keccak256(struct bytes32 *hash, const void *data, size_t length);

/* keccak256 of nothing: the code hash of an account without code. */
extern const struct bytes32 keccak256_of_nothing;

#endif
