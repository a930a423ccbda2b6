#ifndef GUEST_CRYPTO_SECP256K1_SCALAR_H
#define GUEST_CRYPTO_SECP256K1_SCALAR_H

#include <stdbool.h>

#include "base/u256.h"

/* |k1| and |k2| are below 2^128, so that one more digit is enough. */
enum { secp256k1_digits = 130 };

/* k = (-1)^k1_negative * k1 + (-1)^k2_negative * k2 * lambda modulo the order, where lambda * (x, y) = (beta * x, y). */
struct secp256k1_split {
	struct u256 k1, k2;
	bool k1_negative, k2_negative;
};

void secp256k1_split_scalar(struct secp256k1_split *split, const struct u256 *k);

/*
 * The digits of `scalar`, the lowest first: zero or odd, below 2^(width-1) in magnitude, at most one in `width` neighbours not zero.
 * Negated where asked for.
 */
void secp256k1_signed_digits(int8_t digits[secp256k1_digits], const struct u256 *scalar, bool negative, unsigned width);

#endif
