#include "crypto/bls12_map.h"

#include "crypto/bls12_isogeny.h"

/* An element from a plain number. */
static void enter(struct bls12_fp2 *result, const struct bls12_fp2 *number)
{
	bls12_fp_enter(&result->c0, &number->c0);
	bls12_fp_enter(&result->c1, &number->c1);
}

/* RFC 9380, section 4.1: the parity of the first coefficient that is not zero. */
static uint32_t sign(enum bls12_group group, const struct bls12_fp2 *a)
{
	struct bls12_fp number;
	bool by_second = group == BLS12_G2 && bls12_fp_is_zero(&a->c0);
	bls12_fp_leave(&number, by_second ? &a->c1 : &a->c0);
	return number.limb[0] & 1;
}

/* x^3 + ax + b */
static void right_side(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *x, const struct bls12_fp2 *a,
                       const struct bls12_fp2 *b)
{
	struct bls12_fp2 square;
	bls12_element_square(group, &square, x);
	bls12_element_add(group, &square, &square, a);
	bls12_element_mul(group, &square, &square, x);
	bls12_element_add(group, result, &square, b);
}

/* The simplified map of Shallue, van de Woestijne and Ulas (RFC 9380, section 6.6.2) to a point of the isogenous curve. */
static void simplified_swu(enum bls12_group group, struct bls12_fp2 *x, struct bls12_fp2 *y, const struct bls12_fp2 *u)
{
	const struct bls12_isogeny *isogeny = bls12_isogeny_of(group);
	const struct bls12_fp2 one = {.c0 = bls12_fp_one};
	struct bls12_fp2 a, b, z, zuu, sum, denominator;
	enter(&a, &isogeny->a);
	enter(&b, &isogeny->b);
	enter(&z, &isogeny->z);
	bls12_element_square(group, &zuu, u);
	bls12_element_mul(group, &zuu, &zuu, &z);
	bls12_element_square(group, &sum, &zuu);
	bls12_element_add(group, &sum, &sum, &zuu);
	/* x = -b / a (1 + 1 / sum), or b / za where the sum is zero */
	bls12_element_negate(group, &denominator, &sum);
	if (bls12_element_is_zero(group, &sum))
		denominator = z;
	bls12_element_mul(group, &denominator, &denominator, &a);
	bls12_element_inverse(group, &denominator, &denominator);
	bls12_element_add(group, &sum, &sum, &one);
	bls12_element_mul(group, &sum, &sum, &b);
	bls12_element_mul(group, x, &sum, &denominator);

	struct bls12_fp2 square;
	right_side(group, &square, x, &a, &b);
	if (!bls12_element_sqrt(group, y, &square)) {
		/* Then the other candidate has a root. */
		bls12_element_mul(group, x, x, &zuu);
		right_side(group, &square, x, &a, &b);
		(void)bls12_element_sqrt(group, y, &square);
	}
	if (sign(group, u) != sign(group, y))
		bls12_element_negate(group, y, y);
}

/* By Horner's rule on plain numbers, whose products with the element x are plain; an element in the end. */
static void evaluate(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_polynomial *polynomial, const struct bls12_fp2 *x)
{
	struct bls12_fp2 sum = {.c0 = bls12_fp_zero};
	for (int i = polynomial->count - 1; i >= 0; i--) {
		const struct bls12_fp *at = &polynomial->coefficients[i * (int)group];
		const struct bls12_fp2 coefficient = {at[0], group == BLS12_G2 ? at[1] : bls12_fp_zero};
		bls12_element_mul(group, &sum, &sum, x);
		bls12_element_add(group, &sum, &sum, &coefficient);
	}
	enter(result, &sum);
}

/* To the group's curve; what the map has no value for becomes infinity. */
static void apply_isogeny(enum bls12_group group, struct bls12_point *result, const struct bls12_fp2 *x, const struct bls12_fp2 *y)
{
	const struct bls12_isogeny *isogeny = bls12_isogeny_of(group);
	struct bls12_fp2 x_numerator, x_denominator, y_numerator, y_denominator;
	evaluate(group, &x_numerator, &isogeny->x_numerator, x);
	evaluate(group, &x_denominator, &isogeny->x_denominator, x);
	evaluate(group, &y_numerator, &isogeny->y_numerator, x);
	evaluate(group, &y_denominator, &isogeny->y_denominator, x);
	bls12_element_mul(group, &result->z, &x_denominator, &y_denominator);
	if (bls12_element_is_zero(group, &result->z)) {
		bls12_point_set_infinity(result);
		return;
	}
	bls12_element_mul(group, &result->x, &x_numerator, &y_denominator);
	bls12_element_mul(group, &result->y, &y_numerator, &x_denominator);
	bls12_element_mul(group, &result->y, &result->y, y);
}

/* (1 - z) P */
static void clear_cofactor_g1(struct bls12_point *point)
{
	struct bls12_point multiple;
	bls12_point_multiply_by_parameter(BLS12_G1, &multiple, point);
	bls12_point_add(BLS12_G1, point, point, &multiple);
}

/* RFC 9380, appendix G.3: (z^2 - z - 1) P + (z - 1) psi(P) + psi^2(2 P), here as z ((z - 1) P + psi(P)) - P - psi(P) + psi^2(2 P). */
static void clear_cofactor_g2(struct bls12_point *point)
{
	struct bls12_point image, sum, twice;
	bls12_point_psi(&image, point);
	bls12_point_add(BLS12_G2, &sum, point, &image);
	bls12_point_negate(BLS12_G2, &sum);
	bls12_point_double(BLS12_G2, &twice, point);
	bls12_point_psi(&twice, &twice);
	bls12_point_psi(&twice, &twice);
	bls12_point_add(BLS12_G2, &sum, &sum, &twice);

	/* By |z| and signs: |z| (|z| P + P - psi(P)) */
	struct bls12_point multiple;
	bls12_point_multiply_by_parameter(BLS12_G2, &multiple, point);
	bls12_point_add(BLS12_G2, &multiple, &multiple, point);
	bls12_point_negate(BLS12_G2, &image);
	bls12_point_add(BLS12_G2, &multiple, &multiple, &image);
	bls12_point_multiply_by_parameter(BLS12_G2, &multiple, &multiple);
	bls12_point_add(BLS12_G2, point, &sum, &multiple);
}

void bls12_map(enum bls12_group group, struct bls12_point *result, const struct bls12_fp2 *element)
{
	struct bls12_fp2 x = {.c0 = bls12_fp_zero}, y = x;
	simplified_swu(group, &x, &y, element);
	apply_isogeny(group, result, &x, &y);
	if (group == BLS12_G1)
		clear_cofactor_g1(result);
	else
		clear_cofactor_g2(result);
}
