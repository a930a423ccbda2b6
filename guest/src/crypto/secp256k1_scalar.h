#ifndef GUEST_CRYPTO_SECP256K1_SCALAR_H
#define GUEST_CRYPTO_SECP256K1_SCALAR_H

#include <stdbool.h>

#include "crypto/hint.h"

/* Scalars are below 2^129, so that one more digit is enough. Four scalars' digits stand side by side. */
enum { secp256k1_digits = 130, secp256k1_lanes = 4 };

/* Of k below the order. A wrong answer of the prover fails the run. */
void secp256k1_split_scalar(struct secp256k1_split *split, const struct u256 *k);

/*
 * The scalar in signed digits, the lowest first: zero or odd, below 2^(width-1) in magnitude, at most one in `width` neighbours not
 * zero. Every fourth byte from `lane` on, zero before, gets the digit's place in a table of the odd multiples 1, 3 … and then of their
 * negatives, counted from 1. All are negated where asked for.
 */
void secp256k1_put_digits(uint8_t *lane, const struct u256 *scalar, bool negative, unsigned width);

#endif
