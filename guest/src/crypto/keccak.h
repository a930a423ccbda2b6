#ifndef GUEST_CRYPTO_KECCAK_H
#define GUEST_CRYPTO_KECCAK_H

#include <stdint.h>

#include "base/bytes.h"

/* The hash may stand in the data. */
void keccak256(const void *data, size_t length, uint8_t hash[32]);

/* One permutation makes up to a block of output of less than a block: what keccak256 gives are the first 32 bytes. */
enum { keccak_block = 136 };
void keccak_expand(const void *data, size_t length, void *output, size_t output_length);

/* keccak256 of nothing: the code hash of an account without code. */
extern const struct bytes32 keccak256_of_nothing;

#endif
