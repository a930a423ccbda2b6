#ifndef GUEST_CRYPTO_BLS12_TOWER_H
#define GUEST_CRYPTO_BLS12_TOWER_H

#include "crypto/bls12_fp2.h"

/* F_p^12 = F_p^2[w] / (w^6 - (1 + i)): the coefficients of w^0 … w^5. A result may be an operand. */
struct bls12_fp12 {
	struct bls12_fp2 c[6];
};

void bls12_fp12_one(struct bls12_fp12 *result);
bool bls12_fp12_is_one(const struct bls12_fp12 *a);
void bls12_fp12_mul(struct bls12_fp12 *result, const struct bls12_fp12 *a, const struct bls12_fp12 *b);
void bls12_fp12_square(struct bls12_fp12 *result, const struct bls12_fp12 *a);
/* Of elements whose order divides p^4 - p^2 + 1. */
void bls12_fp12_square_cyclotomic(struct bls12_fp12 *result, const struct bls12_fp12 *a);
/* Times c0 + c2 w^2 + c3 w^3. */
void bls12_fp12_mul_line(struct bls12_fp12 *result, const struct bls12_fp2 *c0, const struct bls12_fp2 *c2, const struct bls12_fp2 *c3);
/* Of what is not zero. */
void bls12_fp12_inverse(struct bls12_fp12 *result, const struct bls12_fp12 *a);
/* a^(p^6): the inverse of what has norm one. */
void bls12_fp12_conjugate(struct bls12_fp12 *result, const struct bls12_fp12 *a);
/* a^p */
void bls12_fp12_frobenius(struct bls12_fp12 *result, const struct bls12_fp12 *a);

#endif
