#ifndef GUEST_CRYPTO_SECP256K1_H
#define GUEST_CRYPTO_SECP256K1_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/u256.h"

/* The order of the group, and half of it rounded down: the largest s of EIP-2. */
extern const struct u256 secp256k1_order;
extern const struct u256 secp256k1_half_order;

/*
 * The address whose key signed `hash`. `y_parity` is 0 or 1. False where r or s is 0 or not below the order, where no point has
 * the x coordinate r, or where the key would be infinity. Low s is the caller's to check: the precompile does not ask for it.
 */
bool secp256k1_recover(struct address *signer, const struct bytes32 *hash, unsigned y_parity, const struct u256 *r, const struct u256 *s);

#endif
