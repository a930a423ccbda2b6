#ifndef GUEST_CRYPTO_BLS12_ELEMENT_H
#define GUEST_CRYPTO_BLS12_ELEMENT_H

#include "crypto/bls12_fp2.h"

/* The two curves: y^2 = x^3 + 4 over F_p, and y^2 = x^3 + 4 (1 + i) over F_p^2. The value is the degree of the field. */
enum bls12_group { BLS12_G1 = 1, BLS12_G2 = 2 };

/*
 * Arithmetic in the field of a group's curve, so that what both curves have in common is written once. In G1 the coefficient of i is
 * neither read nor written.
 */

bool bls12_element_is_zero(enum bls12_group group, const struct bls12_fp2 *a);
bool bls12_element_equal(enum bls12_group group, const struct bls12_fp2 *a, const struct bls12_fp2 *b);
void bls12_element_add(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b);
void bls12_element_sub(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b);
void bls12_element_negate(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a);
void bls12_element_mul(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b);
void bls12_element_square(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a);
void bls12_element_inverse(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a);
bool bls12_element_sqrt(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a);

#endif
