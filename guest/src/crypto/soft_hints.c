#include "base/limbs.h"
#include "crypto/hint.h"
#include "crypto/soft_divide.h"
#include "crypto/syscall.h"

/* value / 2 modulo m. */
static void halve(struct u256 *value, const struct u256 *m)
{
	uint32_t above = 0;
	if (value->limb[0] & 1)
		above = u256_add(value, value, m);
	limbs_shift_right(value->limb, value->limb, u256_limbs, 1, above);
}

static bool is_one(const struct u256 *a)
{
	return a->limb[0] == 1 && u256_fits_u32(a);
}

/* Divides out the twos of `number`, and as often halves its factor. */
static void drop_twos(struct u256 *number, struct u256 *factor, const struct u256 *m)
{
	while ((number->limb[0] & 1) == 0) {
		limbs_shift_right(number->limb, number->limb, u256_limbs, 1, 0);
		halve(factor, m);
	}
}

static void subtract_modulo(struct u256 *a, const struct u256 *b, const struct u256 *m)
{
	if (u256_sub(a, a, b))
		u256_add(a, a, m);
}

/* The binary Euclidean algorithm: number = factor * a modulo m holds for both numbers. */
void hint_inverse(struct u256 *inverse, const struct u256 *a, const struct u256 *m)
{
	struct u256 first, first_factor = u256_from_u64(1);
	struct u256 quotient, second = *m, second_factor = u256_zero;
	hint_divide(&quotient, &first, a, m);
	while (!u256_is_zero(&first) && !is_one(&first) && !is_one(&second)) {
		drop_twos(&first, &first_factor, m);
		drop_twos(&second, &second_factor, m);
		if (u256_less(&first, &second)) {
			u256_sub(&second, &second, &first);
			subtract_modulo(&second_factor, &first_factor, m);
		} else {
			u256_sub(&first, &first, &second);
			subtract_modulo(&first_factor, &second_factor, m);
		}
	}
	*inverse = is_one(&first) ? first_factor : is_one(&second) ? second_factor : u256_zero;
}

/* a^((m + 1) / 4), which is a root where there is one. */
void hint_square_root(struct u256 *root, const struct u256 *a, const struct u256 *m)
{
	struct u256 exponent, square, reduced, quotient;
	struct u256 power = u256_from_u64(1);
	limbs_shift_right(exponent.limb, m->limb, u256_limbs, 2, 0);
	struct u256 one = u256_from_u64(1);
	u256_add(&exponent, &exponent, &one);
	for (unsigned bit = u256_bit_length(&exponent); bit-- > 0;) {
		syscall_mul_mod(&power, &power, &power, m);
		if (exponent.limb[bit / 32] >> (bit % 32) & 1)
			syscall_mul_mod(&power, &power, a, m);
	}
	syscall_mul_mod(&square, &power, &power, m);
	hint_divide(&quotient, &reduced, a, m);
	*root = u256_equal(&square, &reduced) ? power : u256_zero;
}

void hint_divide(struct u256 *quotient, struct u256 *remainder, const struct u256 *a, const struct u256 *b)
{
	struct u256 result;
	soft_divide(result.limb, remainder, a->limb, u256_limbs, b);
	*quotient = result;
}

/*
 * A short basis of the lattice of (a, b) with a + b * lambda = 0 modulo the order n (Gallant, Lambert, Vanstone 2001), by Euclid's
 * algorithm on n and lambda: (a1, b1) and (a2, a1), where b1 < 0. g1 and g2 are a1 * 2^384 / n and -b1 * 2^384 / n, rounded.
 */
static const struct u256 a1 = {{0x9284eb15, 0xe86c90e4, 0xa7d46bcd, 0x3086d221, 0, 0, 0, 0}};
static const struct u256 minus_b1 = {{0x0abfe4c3, 0x6f547fa9, 0x010e8828, 0xe4437ed6, 0, 0, 0, 0}};
static const struct u256 a2 = {{0x9d44cfd8, 0x57c1108d, 0xa8e2f3f6, 0x14ca50f7, 0x00000001, 0, 0, 0}};
static const struct u256 g1 = {{0x45dbb031, 0xe893209a, 0x71e8ca7f, 0x3daa8a14, 0x9284eb15, 0xe86c90e4, 0xa7d46bcd, 0x3086d221}};
static const struct u256 g2 = {{0x8ac47f71, 0x1571b4ae, 0x9df506c6, 0x221208ac, 0x0abfe4c4, 0x6f547fa9, 0x010e8828, 0xe4437ed6}};

/* k * g / 2^384, rounded. */
static void scale(struct u256 *result, const struct u256 *k, const struct u256 *g)
{
	uint32_t product[16];
	syscall_mul_add(product, k, g, &u256_zero);
	struct u256 quotient = {{product[12], product[13], product[14], product[15], 0, 0, 0, 0}};
	struct u256 round = u256_from_u64(product[11] >> 31);
	u256_add(result, &quotient, &round);
}

static bool take_magnitude(struct u256 *value)
{
	bool negative = value->limb[7] >> 31;
	if (negative)
		u256_negate(value, value);
	return negative;
}

void hint_split_scalar(struct secp256k1_split *split, const struct u256 *k)
{
	struct u256 c1, c2, first, second;
	scale(&c1, k, &g1);
	scale(&c2, k, &g2);
	/* Modulo 2^256, which is enough for what is smaller than 2^128. k1 = k - c1 a1 - c2 a2; k2 = -c1 b1 - c2 a1. */
	u256_mul(&first, &c1, &a1);
	u256_mul(&second, &c2, &a2);
	u256_sub(&split->k1, k, &first);
	u256_sub(&split->k1, &split->k1, &second);
	u256_mul(&first, &c1, &minus_b1);
	u256_mul(&second, &c2, &a1);
	u256_sub(&split->k2, &first, &second);
	split->k1_negative = take_magnitude(&split->k1);
	split->k2_negative = take_magnitude(&split->k2);
}
