#ifndef GUEST_CRYPTO_HINT_H
#define GUEST_CRYPTO_HINT_H

#include <stdbool.h>

#include "base/u256.h"

/*
 * What is dear to compute and cheap to check. In the machine the prover chooses the answers: whoever asks checks them and ends the
 * run with STATUS_HINT where they are wrong. Plain C gives them elsewhere (crypto/soft_hints.c).
 */

/* The inverse of a modulo an odd m, or zero where there is none. */
void hint_inverse(struct u256 *inverse, const struct u256 *a, const struct u256 *m);
/* A square root of a modulo a prime m = 3 modulo 4, or zero where there is none. */
void hint_square_root(struct u256 *root, const struct u256 *a, const struct u256 *m);
/* For b > 0. */
void hint_divide(struct u256 *quotient, struct u256 *remainder, const struct u256 *a, const struct u256 *b);

/* k = (-1)^k1_negative * k1 + (-1)^k2_negative * k2 * lambda modulo the order of secp256k1; k1 and k2 are below 2^129. */
struct secp256k1_split {
	struct u256 k1, k2;
	bool k1_negative, k2_negative;
};

void hint_split_scalar(struct secp256k1_split *split, const struct u256 *k);

#endif
