#include "crypto/bls12_curve.h"

static const uint64_t parameter = 0xd201000000010000;
static const struct bls12_fp four = {{{0x98adb274, 0x59f4e622, 0xa3abfd3a, 0x14c8e0fe, 0x0cc42119, 0x08e0c21c, 0x4e5b5f3e, 0x57bfaed7,
                                       0xb9385af0, 0xeadf341f, 0x21395b13, 0x0b2d74ea}}};
/* A cube root of one: (x, y) -> (beta x, y) multiplies the points of G1 by -z^2. */
static const struct bls12_fp beta = {{{0x33aa4d17, 0xe71b4e71, 0x98a9259a, 0xea656114, 0xf378a83e, 0x0a063c81, 0x921b1f2b, 0x1988db15,
                                       0xf7180afb, 0x3edcd4e8, 0x1a8d5fc6, 0x065cd0d5}}};
/* (1 + i)^-((p - 1) / 3) and (1 + i)^-((p - 1) / 2) */
static const struct bls12_fp2 psi_x = {{{{0}}},
                                       {{{0xcc555d94, 0xd2e3b18e, 0x18aada64, 0x34469eea, 0x03384de5, 0x5d2a961f, 0x6169f394, 0x4aee706f,
                                          0x4c33a1dc, 0x0c3ed2cd, 0x1ef286d4, 0x13a44115}}}};
static const struct bls12_fp2 psi_y = {{{{0xfd496595, 0x6d113c91, 0xb302c8e1, 0x7c9454cd, 0xed00e274, 0xa43089ef, 0x5f735e38, 0xe7cc8f5f,
                                          0xa6fc26d4, 0xd332f893, 0x35fb9c46, 0x0d406993}}},
                                       {{{0x02b64516, 0x4cedc36e, 0xfe51371e, 0xa217ab30, 0x09b013af, 0xc30048b1, 0x9411b486, 0x7caabc25,
                                          0x9c4f8602, 0x77e8af22, 0x03844a53, 0x0cc0a857}}}};

void bls12_point_set_infinity(struct bls12_point *point)
{
	*point = (struct bls12_point){.y = {.c0 = bls12_fp_one}};
}

void bls12_point_set(struct bls12_point *point, const struct bls12_fp2 *x, const struct bls12_fp2 *y)
{
	*point = (struct bls12_point){.x = *x, .y = *y, .z = {.c0 = bls12_fp_one}};
}

bool bls12_point_is_infinity(enum bls12_group group, const struct bls12_point *point)
{
	return bls12_element_is_zero(group, &point->z);
}

void bls12_point_to_affine(enum bls12_group group, const struct bls12_point *point, struct bls12_fp2 *x, struct bls12_fp2 *y)
{
	struct bls12_fp2 inverse;
	bls12_element_inverse(group, &inverse, &point->z);
	bls12_element_mul(group, x, &point->x, &inverse);
	bls12_element_mul(group, y, &point->y, &inverse);
}

void bls12_square_of_y(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *x)
{
	const struct bls12_fp2 b = {four, four};
	struct bls12_fp2 square;
	bls12_element_square(group, &square, x);
	bls12_element_mul(group, result, &square, x);
	bls12_element_add(group, result, result, &b);
}

bool bls12_is_on_curve(enum bls12_group group, const struct bls12_fp2 *x, const struct bls12_fp2 *y)
{
	struct bls12_fp2 left, right;
	bls12_element_square(group, &left, y);
	bls12_square_of_y(group, &right, x);
	return bls12_element_equal(group, &left, &right);
}

/* Times three times the constant of the curve: 12 or 12 (1 + i). */
static void triple_b(enum bls12_group group, struct bls12_fp2 *a)
{
	struct bls12_fp2 twice;
	bls12_element_add(group, a, a, a);
	bls12_element_add(group, a, a, a);
	bls12_element_add(group, &twice, a, a);
	bls12_element_add(group, a, a, &twice);
	if (group == BLS12_G2)
		bls12_fp2_mul_residue(a, a);
}

/* a1 b2 + a2 b1, where a1 b1 and a2 b2 are known. */
static void cross(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *a1, const struct bls12_fp2 *a2,
                  const struct bls12_fp2 *b1, const struct bls12_fp2 *b2, const struct bls12_fp2 *first, const struct bls12_fp2 *second)
{
	struct bls12_fp2 sum_a, sum_b;
	bls12_element_add(group, &sum_a, a1, a2);
	bls12_element_add(group, &sum_b, b1, b2);
	bls12_element_mul(group, result, &sum_a, &sum_b);
	bls12_element_sub(group, result, result, first);
	bls12_element_sub(group, result, result, second);
}

/* Renes, Costello and Batina (2016), algorithm 7: without exceptions, as the number of points is odd on both curves. */
void bls12_point_add(enum bls12_group group, struct bls12_point *result, const struct bls12_point *a, const struct bls12_point *b)
{
	struct bls12_fp2 xx, yy, zz, xy, yz, xz, minus, plus, left, right;
	bls12_element_mul(group, &xx, &a->x, &b->x);
	bls12_element_mul(group, &yy, &a->y, &b->y);
	bls12_element_mul(group, &zz, &a->z, &b->z);
	cross(group, &xy, &a->x, &a->y, &b->x, &b->y, &xx, &yy);
	cross(group, &yz, &a->y, &a->z, &b->y, &b->z, &yy, &zz);
	cross(group, &xz, &a->x, &a->z, &b->x, &b->z, &xx, &zz);
	bls12_element_add(group, &left, &xx, &xx);
	bls12_element_add(group, &xx, &xx, &left);
	triple_b(group, &zz);
	triple_b(group, &xz);
	bls12_element_sub(group, &minus, &yy, &zz);
	bls12_element_add(group, &plus, &yy, &zz);

	bls12_element_mul(group, &left, &xy, &minus);
	bls12_element_mul(group, &right, &yz, &xz);
	bls12_element_sub(group, &result->x, &left, &right);
	bls12_element_mul(group, &left, &minus, &plus);
	bls12_element_mul(group, &right, &xx, &xz);
	bls12_element_add(group, &result->y, &left, &right);
	bls12_element_mul(group, &left, &yz, &plus);
	bls12_element_mul(group, &right, &xx, &xy);
	bls12_element_add(group, &result->z, &left, &right);
}

/* The same paper's algorithm 9. */
void bls12_point_double(enum bls12_group group, struct bls12_point *result, const struct bls12_point *a)
{
	struct bls12_fp2 yy, zz, xy, yz, eight, minus, plus;
	bls12_element_square(group, &yy, &a->y);
	bls12_element_square(group, &zz, &a->z);
	bls12_element_mul(group, &xy, &a->x, &a->y);
	bls12_element_mul(group, &yz, &a->y, &a->z);
	triple_b(group, &zz);
	bls12_element_add(group, &eight, &yy, &yy);
	bls12_element_add(group, &eight, &eight, &eight);
	bls12_element_add(group, &eight, &eight, &eight);
	bls12_element_add(group, &plus, &yy, &zz);
	bls12_element_add(group, &minus, &zz, &zz);
	bls12_element_add(group, &minus, &minus, &zz);
	bls12_element_sub(group, &minus, &yy, &minus);

	bls12_element_mul(group, &result->x, &xy, &minus);
	bls12_element_add(group, &result->x, &result->x, &result->x);
	bls12_element_mul(group, &zz, &zz, &eight);
	bls12_element_mul(group, &result->y, &minus, &plus);
	bls12_element_add(group, &result->y, &result->y, &zz);
	bls12_element_mul(group, &result->z, &yz, &eight);
}

void bls12_point_negate(enum bls12_group group, struct bls12_point *point)
{
	bls12_element_negate(group, &point->y, &point->y);
}

void bls12_point_multiply_by_parameter(enum bls12_group group, struct bls12_point *result, const struct bls12_point *a)
{
	struct bls12_point multiple = *a;
	for (int bit = 62; bit >= 0; bit--) {
		bls12_point_double(group, &multiple, &multiple);
		if (parameter >> bit & 1)
			bls12_point_add(group, &multiple, &multiple, a);
	}
	*result = multiple;
}

/* From the twist to the curve, by Frobenius, and back. */
void bls12_point_psi(struct bls12_point *result, const struct bls12_point *a)
{
	bls12_fp2_conjugate(&result->x, &a->x);
	bls12_fp2_mul(&result->x, &result->x, &psi_x);
	bls12_fp2_conjugate(&result->y, &a->y);
	bls12_fp2_mul(&result->y, &result->y, &psi_y);
	bls12_fp2_conjugate(&result->z, &a->z);
}

/* At least one of both is not infinity. */
static bool is_same(enum bls12_group group, const struct bls12_point *a, const struct bls12_point *b)
{
	struct bls12_fp2 left, right;
	bls12_element_mul(group, &left, &a->x, &b->z);
	bls12_element_mul(group, &right, &b->x, &a->z);
	if (!bls12_element_equal(group, &left, &right))
		return false;
	bls12_element_mul(group, &left, &a->y, &b->z);
	bls12_element_mul(group, &right, &b->y, &a->z);
	return bls12_element_equal(group, &left, &right);
}

/*
 * Scott (2021). G1: phi(x, y) = (beta x, y) has phi^2 + phi + 1 = 0, so phi(P) = -z^2 P gives (z^4 - z^2 + 1) P = r P = 0. G2: psi has
 * psi^2 - (z + 1) psi + p = 0, so psi(Q) = z Q gives (p - z) Q = 0, where p - z = r (z - 1)^2 / 3, whose greatest common divisor with
 * the number of the curve's points is r.
 */
bool bls12_is_in_subgroup(enum bls12_group group, const struct bls12_point *point)
{
	struct bls12_point image, multiple;
	bls12_point_multiply_by_parameter(group, &multiple, point);
	if (group == BLS12_G1) {
		bls12_point_multiply_by_parameter(group, &multiple, &multiple);
		image = *point;
		bls12_fp_mul(&image.x.c0, &image.x.c0, &beta);
	} else {
		bls12_point_psi(&image, point);
	}
	bls12_point_negate(group, &multiple);
	return is_same(group, &image, &multiple);
}

enum { window = 4, table_size = (1 << window) - 1, block = 64 };

static void fill_table(enum bls12_group group, struct bls12_point *table, const struct bls12_point *point)
{
	table[0] = *point;
	for (int i = 1; i < table_size; i++)
		bls12_point_add(group, &table[i], &table[i - 1], point);
}

/* Straus' method: all scalars share the doublings. */
static void combine_block(enum bls12_group group, struct bls12_point *result, const struct bls12_term *terms, size_t count,
                          struct bls12_point *tables)
{
	for (size_t i = 0; i < count; i++)
		fill_table(group, &tables[i * table_size], &terms[i].point);
	bls12_point_set_infinity(result);
	for (int bit = 256 - window; bit >= 0; bit -= window) {
		for (int i = 0; i < window && !bls12_point_is_infinity(group, result); i++)
			bls12_point_double(group, result, result);
		for (size_t i = 0; i < count; i++) {
			uint32_t digit = terms[i].scalar.limb[bit / 32] >> (bit % 32) & table_size;
			if (digit != 0)
				bls12_point_add(group, result, result, &tables[i * table_size + digit - 1]);
		}
	}
}

bool bls12_combine(enum bls12_group group, struct bls12_point *result, const struct bls12_term *terms, size_t count, struct arena *scratch)
{
	size_t mark = arena_mark(scratch);
	struct bls12_point *tables = arena_take_array(scratch, (count < block ? count : block) * table_size, sizeof *tables);
	if (tables == NULL)
		return false;
	struct bls12_point total;
	bls12_point_set_infinity(&total);
	/* In blocks, so that the tables stay small however many terms there are. */
	for (size_t done = 0; done < count; done += block) {
		struct bls12_point part;
		combine_block(group, &part, terms + done, count - done < block ? count - done : block, tables);
		bls12_point_add(group, &total, &total, &part);
	}
	arena_release(scratch, mark);
	*result = total;
	return true;
}
