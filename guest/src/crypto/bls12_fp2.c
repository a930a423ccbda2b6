#include "crypto/bls12_fp2.h"

bool bls12_fp2_is_zero(const struct bls12_fp2 *a)
{
	return bls12_fp_is_zero(&a->c0) && bls12_fp_is_zero(&a->c1);
}

bool bls12_fp2_equal(const struct bls12_fp2 *a, const struct bls12_fp2 *b)
{
	return bls12_fp_equal(&a->c0, &b->c0) && bls12_fp_equal(&a->c1, &b->c1);
}

void bls12_fp2_add(struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b)
{
	bls12_fp_add(&result->c0, &a->c0, &b->c0);
	bls12_fp_add(&result->c1, &a->c1, &b->c1);
}

void bls12_fp2_sub(struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b)
{
	bls12_fp_sub(&result->c0, &a->c0, &b->c0);
	bls12_fp_sub(&result->c1, &a->c1, &b->c1);
}

void bls12_fp2_negate(struct bls12_fp2 *result, const struct bls12_fp2 *a)
{
	bls12_fp_negate(&result->c0, &a->c0);
	bls12_fp_negate(&result->c1, &a->c1);
}

void bls12_fp2_conjugate(struct bls12_fp2 *result, const struct bls12_fp2 *a)
{
	result->c0 = a->c0;
	bls12_fp_negate(&result->c1, &a->c1);
}

void bls12_fp2_mul_residue(struct bls12_fp2 *result, const struct bls12_fp2 *a)
{
	struct bls12_fp difference;
	bls12_fp_sub(&difference, &a->c0, &a->c1);
	bls12_fp_add(&result->c1, &a->c0, &a->c1);
	result->c0 = difference;
}

void bls12_fp2_sum_add(struct bls12_fp2_sum *sum, const struct bls12_fp2 *a, const struct bls12_fp2 *b)
{
	struct bls12_fp minus;
	bls12_fp_negate(&minus, &a->c1);
	bls12_fp_sum_add(&sum->c0, &a->c0, &b->c0);
	bls12_fp_sum_add(&sum->c0, &minus, &b->c1);
	bls12_fp_sum_add(&sum->c1, &a->c0, &b->c1);
	bls12_fp_sum_add(&sum->c1, &a->c1, &b->c0);
}

void bls12_fp2_sum_reduce(struct bls12_fp2 *result, struct bls12_fp2_sum *sum)
{
	bls12_fp_sum_reduce(&result->c0, &sum->c0);
	bls12_fp_sum_reduce(&result->c1, &sum->c1);
}

void bls12_fp2_mul(struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp2 *b)
{
	struct bls12_fp2_sum sum;
	bls12_fp2_sum_begin(&sum);
	bls12_fp2_sum_add(&sum, a, b);
	bls12_fp2_sum_reduce(result, &sum);
}

void bls12_fp2_square(struct bls12_fp2 *result, const struct bls12_fp2 *a)
{
	struct bls12_fp sum, difference, twice;
	bls12_fp_add(&sum, &a->c0, &a->c1);
	bls12_fp_sub(&difference, &a->c0, &a->c1);
	bls12_fp_add(&twice, &a->c0, &a->c0);
	bls12_fp_mul(&result->c1, &twice, &a->c1);
	bls12_fp_mul(&result->c0, &sum, &difference);
}

void bls12_fp2_scale(struct bls12_fp2 *result, const struct bls12_fp2 *a, const struct bls12_fp *factor)
{
	struct bls12_fp kept = *factor;
	bls12_fp_mul(&result->c0, &a->c0, &kept);
	bls12_fp_mul(&result->c1, &a->c1, &kept);
}

static void norm(struct bls12_fp *result, const struct bls12_fp2 *a)
{
	struct bls12_fp_sum sum;
	bls12_fp_sum_begin(&sum);
	bls12_fp_sum_add(&sum, &a->c0, &a->c0);
	bls12_fp_sum_add(&sum, &a->c1, &a->c1);
	bls12_fp_sum_reduce(result, &sum);
}

void bls12_fp2_inverse(struct bls12_fp2 *result, const struct bls12_fp2 *a)
{
	struct bls12_fp factor;
	norm(&factor, a);
	bls12_fp_inverse(&factor, &factor);
	bls12_fp2_conjugate(result, a);
	bls12_fp2_scale(result, result, &factor);
}

/*
 * a has a root where its norm n has one in F_p. With s^2 = n the numbers t = (c0 + s) / 2 and u = (c0 - s) / 2 have the product
 * -(c1 / 2)^2. Where x^2 = t, x + (c1 / 2x) i is a root; where x^2 = -t, (c1 / 2x) + x i is one. One of both holds, as -1 is no square.
 * With r = t^((p - 3) / 4) and x = r t, 1 / x is r in the first case and -r in the second.
 */
bool bls12_fp2_sqrt(struct bls12_fp2 *result, const struct bls12_fp2 *a)
{
	struct bls12_fp s, t, r, x, other, square;
	norm(&s, a);
	if (!bls12_fp_sqrt(&s, &s))
		return false;
	bls12_fp_add(&t, &a->c0, &s);
	if (bls12_fp_is_zero(&t))
		bls12_fp_sub(&t, &a->c0, &s);
	bls12_fp_halve(&t, &t);
	bls12_fp_root_over(&r, &t);
	bls12_fp_mul(&x, &r, &t);
	bls12_fp_mul(&square, &x, &x);
	bls12_fp_mul(&other, &r, &a->c1);
	bls12_fp_halve(&other, &other);
	if (bls12_fp_equal(&square, &t)) {
		*result = (struct bls12_fp2){x, other};
	} else {
		bls12_fp_negate(&other, &other);
		*result = (struct bls12_fp2){other, x};
	}
	return true;
}
