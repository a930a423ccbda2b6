#ifndef GUEST_CRYPTO_SECP256K1_SCALAR_H
#define GUEST_CRYPTO_SECP256K1_SCALAR_H

#include <stdbool.h>

#include "crypto/hint.h"

/* The halves of a scalar are below 2^129, so that one more digit is enough. */
enum { secp256k1_digits = 130 };

/* Of k below the order. A wrong answer of the prover fails the run. */
void secp256k1_split_scalar(struct secp256k1_split *split, const struct u256 *k);

/*
 * The digits of `scalar`, the lowest first: zero or odd, below 2^(width-1) in magnitude, at most one in `width` neighbours not zero.
 * Negated where asked for.
 */
void secp256k1_signed_digits(int8_t digits[secp256k1_digits], const struct u256 *scalar, bool negative, unsigned width);

#endif
