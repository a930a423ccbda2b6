#include "crypto/curve.h"

#include "crypto/modular.h"

/* Affine throughout: an inverse is a hint that one multiplication checks, cheaper than coordinates that avoid it. */

bool curve_is_infinity(const struct curve_point *point)
{
	return u256_is_zero(&point->x) && u256_is_zero(&point->y);
}

bool curve_contains(const struct curve *curve, const struct curve_point *point)
{
	const struct u256 *p = &curve->prime;
	struct u256 left, right;
	if (!u256_less(&point->x, p) || !u256_less(&point->y, p))
		return false;
	mod_mul(&left, &point->y, &point->y, p);
	mod_mul(&right, &point->x, &point->x, p);
	mod_add(&right, &right, &curve->a, p);
	mod_mul(&right, &right, &point->x, p);
	mod_add(&right, &right, &curve->b, p);
	return u256_equal(&left, &right);
}

/* Mirrors the third point of the line through `point` and a point with the coordinate `x`. */
static void follow(const struct curve *curve, struct curve_point *point, const struct u256 *x, const struct u256 *rise, const struct u256 *run)
{
	const struct u256 *p = &curve->prime;
	struct u256 slope, third;
	mod_inverse(&slope, run, p);
	mod_mul(&slope, &slope, rise, p);
	mod_mul(&third, &slope, &slope, p);
	mod_sub(&third, &third, &point->x, p);
	mod_sub(&third, &third, x, p);
	mod_sub(&point->x, &point->x, &third, p);
	mod_mul(&point->x, &point->x, &slope, p);
	mod_sub(&point->y, &point->x, &point->y, p);
	point->x = third;
}

/* No point has y = 0: it would have order 2. */
static void twice(const struct curve *curve, struct curve_point *point)
{
	const struct u256 *p = &curve->prime;
	struct u256 square, rise, run;
	if (curve_is_infinity(point))
		return;
	mod_mul(&square, &point->x, &point->x, p);
	mod_add(&rise, &square, &square, p);
	mod_add(&rise, &rise, &square, p);
	mod_add(&rise, &rise, &curve->a, p);
	mod_add(&run, &point->y, &point->y, p);
	struct u256 x = point->x;
	follow(curve, point, &x, &rise, &run);
}

void curve_add(const struct curve *curve, struct curve_point *a, const struct curve_point *b)
{
	struct u256 rise, run;
	if (curve_is_infinity(b))
		return;
	if (curve_is_infinity(a)) {
		*a = *b;
		return;
	}
	if (u256_equal(&a->x, &b->x)) {
		if (u256_equal(&a->y, &b->y))
			twice(curve, a);
		else
			*a = (struct curve_point){u256_zero, u256_zero};
		return;
	}
	mod_sub(&rise, &b->y, &a->y, &curve->prime);
	mod_sub(&run, &b->x, &a->x, &curve->prime);
	follow(curve, a, &b->x, &rise, &run);
}

void curve_combine(const struct curve *curve, struct curve_point *result, const struct u256 *first_scalar, const struct curve_point *first,
                   const struct u256 *second_scalar, const struct curve_point *second)
{
	/* By the bits of both scalars. */
	struct curve_point sums[4] = {{u256_zero, u256_zero}, *first, *second, *first};
	curve_add(curve, &sums[3], second);
	struct curve_point total = sums[0];
	for (int bit = 255; bit >= 0; bit--) {
		uint32_t first_bit = first_scalar->limb[bit / 32] >> (bit % 32) & 1;
		uint32_t second_bit = second_scalar->limb[bit / 32] >> (bit % 32) & 1;
		twice(curve, &total);
		curve_add(curve, &total, &sums[first_bit + 2 * second_bit]);
	}
	*result = total;
}

void curve_multiply(const struct curve *curve, struct curve_point *point, const struct u256 *scalar)
{
	const struct curve_point infinity = {u256_zero, u256_zero};
	curve_combine(curve, point, scalar, point, &u256_zero, &infinity);
}
