#include "crypto/secp256k1_scalar.h"

#include "crypto/syscall.h"

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

void secp256k1_split_scalar(struct secp256k1_split *split, const struct u256 *k)
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

static void halve(struct u256 *value)
{
	for (int i = 0; i < 5; i++)
		value->limb[i] = value->limb[i] >> 1 | value->limb[i + 1] << 31;
}

void secp256k1_signed_digits(int8_t digits[secp256k1_digits], const struct u256 *scalar, bool negative, unsigned width)
{
	struct u256 rest = *scalar;
	int modulus = 1 << width;
	for (int i = 0; i < secp256k1_digits; i++) {
		int digit = 0;
		if (rest.limb[0] & 1) {
			digit = (int)(rest.limb[0] & (uint32_t)(modulus - 1));
			if (digit >= modulus / 2)
				digit -= modulus;
			struct u256 magnitude = u256_from_u64((uint64_t)(digit < 0 ? -digit : digit));
			if (digit < 0)
				u256_add(&rest, &rest, &magnitude);
			else
				u256_sub(&rest, &rest, &magnitude);
		}
		digits[i] = (int8_t)(negative ? -digit : digit);
		halve(&rest);
	}
}
