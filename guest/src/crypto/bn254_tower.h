#ifndef GUEST_CRYPTO_BN254_TOWER_H
#define GUEST_CRYPTO_BN254_TOWER_H

#include "base/u256.h"

/* F_p^2 = F_p[i] / (i^2 + 1), F_p^6 = F_p^2[v] / (v^3 - (9 + i)), F_p^12 = F_p^6[w] / (w^2 - v). A result may be an operand. */

struct fp2 {
	struct u256 c0, c1;
};

struct fp6 {
	struct fp2 c[3];
};

struct fp12 {
	struct fp6 c0, c1;
};

extern const struct u256 bn254_prime;

bool fp2_is_zero(const struct fp2 *a);
bool fp2_equal(const struct fp2 *a, const struct fp2 *b);
void fp2_add(struct fp2 *result, const struct fp2 *a, const struct fp2 *b);
void fp2_sub(struct fp2 *result, const struct fp2 *a, const struct fp2 *b);
void fp2_negate(struct fp2 *result, const struct fp2 *a);
void fp2_conjugate(struct fp2 *result, const struct fp2 *a);
void fp2_mul(struct fp2 *result, const struct fp2 *a, const struct fp2 *b);
void fp2_scale(struct fp2 *result, const struct fp2 *a, const struct u256 *factor);
/* Of what is not zero. */
void fp2_inverse(struct fp2 *result, const struct fp2 *a);

void fp12_one(struct fp12 *result);
bool fp12_is_one(const struct fp12 *a);
void fp12_mul(struct fp12 *result, const struct fp12 *a, const struct fp12 *b);
void fp12_square(struct fp12 *result, const struct fp12 *a);
/* Times a + bw + cw^3. */
void fp12_mul_line(struct fp12 *result, const struct fp2 *a, const struct fp2 *b, const struct fp2 *c);
void fp12_inverse(struct fp12 *result, const struct fp12 *a);
/* a^(p^6): the inverse of what has norm one. */
void fp12_conjugate(struct fp12 *result, const struct fp12 *a);
/* a^p */
void fp12_frobenius(struct fp12 *result, const struct fp12 *a);

/* (9 + i)^(k (p - 1) / 6) for k = 1 … 5. */
extern const struct fp2 bn254_frobenius[5];

#endif
