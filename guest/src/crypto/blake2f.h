#ifndef GUEST_CRYPTO_BLAKE2F_H
#define GUEST_CRYPTO_BLAKE2F_H

#include <stdbool.h>
#include <stdint.h>

/* The compression function F of BLAKE2b (RFC 7693) with any number of rounds (EIP-152). */
void blake2f(uint64_t state[8], const uint64_t message[16], const uint64_t offset[2], bool is_last, uint32_t rounds);

#endif
