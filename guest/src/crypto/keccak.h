#ifndef GUEST_CRYPTO_KECCAK_H
#define GUEST_CRYPTO_KECCAK_H

#include <stdint.h>

#include "base/bytes.h"

/* The hash may stand in the data. */
void keccak256(const void *data, size_t length, uint8_t hash[32]);

/* keccak256 of nothing: the code hash of an account without code. */
extern const struct bytes32 keccak256_of_nothing;

#endif
