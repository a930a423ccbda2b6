#include "crypto/bls12_element.h"

bool bls12_element_is_zero(enum bls12_group group, const struct bls12_fp2 *a)
{
	return group == BLS12_G1 ? bls12_fp_is_zero(&a->c0) : bls12_fp2_is_zero(a);
}

bool bls12_element_equal(enum bls12_group group, const struct bls12_fp2 *a, const struct bls12_fp2 *b)
{
	return group == BLS12_G1 ? bls12_fp_equal(&a->c0, &b->c0) : bls12_fp2_equal(a, b);
}

void bls12_element_add(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b)
{
	if (group == BLS12_G1)
		bls12_fp_add(&result->c0, &a->c0, &b->c0);
	else
		bls12_fp2_add(result, a, b);
}

void bls12_element_sub(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b)
{
	if (group == BLS12_G1)
		bls12_fp_sub(&result->c0, &a->c0, &b->c0);
	else
		bls12_fp2_sub(result, a, b);
}

void bls12_element_mul(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b)
{
	if (group == BLS12_G1)
		bls12_fp_mul(&result->c0, &a->c0, &b->c0);
	else
		bls12_fp2_mul(result, a, b);
}

void bls12_element_negate(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a)
{
	if (group == BLS12_G1)
		bls12_fp_negate(&result->c0, &a->c0);
	else
		bls12_fp2_negate(result, a);
}

void bls12_element_inverse(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a)
{
	if (group == BLS12_G1)
		bls12_fp_inverse(&result->c0, &a->c0);
	else
		bls12_fp2_inverse(result, a);
}

void bls12_element_square(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a)
{
	if (group == BLS12_G1)
		bls12_fp_mul(&result->c0, &a->c0, &a->c0);
	else
		bls12_fp2_square(result, a);
}

bool bls12_element_sqrt(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a)
{
	return group == BLS12_G1 ? bls12_fp_sqrt(&result->c0, &a->c0) : bls12_fp2_sqrt(result, a);
}
