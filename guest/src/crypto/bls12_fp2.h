#ifndef GUEST_CRYPTO_BLS12_FP2_H
#define GUEST_CRYPTO_BLS12_FP2_H

#include "crypto/bls12_field.h"

/* F_p^2 = F_p[i] / (i^2 + 1). A result may be an operand. */
struct bls12_fp2 {
	struct bls12_fp c0, c1;
};

bool bls12_fp2_is_zero(const struct bls12_fp2 *a);
bool bls12_fp2_equal(const struct bls12_fp2 *a, const struct bls12_fp2 *b);
void bls12_fp2_add(struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b);
void bls12_fp2_sub(struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b);
void bls12_fp2_negate(struct bls12_fp2 *result, const struct bls12_fp2 *a);
void bls12_fp2_conjugate(struct bls12_fp2 *result, const struct bls12_fp2 *a);
/* Times 1 + i, which is neither a square nor a cube. */
void bls12_fp2_mul_residue(struct bls12_fp2 *result, const struct bls12_fp2 *a);
void bls12_fp2_mul(struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b);
void bls12_fp2_square(struct bls12_fp2 *result, const struct bls12_fp2 *a);
void bls12_fp2_scale(struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp *factor);
/* Of what is not zero. */
void bls12_fp2_inverse(struct bls12_fp2 *result, const struct bls12_fp2 *a);
/* False where there is no square root. */
bool bls12_fp2_sqrt(struct bls12_fp2 *result, const struct bls12_fp2 *a);

/* A sum of at most 16 products, reduced once. */
struct bls12_fp2_sum {
	struct bls12_fp_sum c0, c1;
};

static inline void bls12_fp2_sum_begin(struct bls12_fp2_sum *sum)
{
	bls12_fp_sum_begin(&sum->c0);
	bls12_fp_sum_begin(&sum->c1);
}

void bls12_fp2_sum_add(struct bls12_fp2_sum *sum, const struct bls12_fp2 *a, const struct bls12_fp2 *b);
void bls12_fp2_sum_reduce(struct bls12_fp2 *result, struct bls12_fp2_sum *sum);

#endif
