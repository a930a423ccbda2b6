#include "crypto/secp256k1_scalar.h"

#include "base/status.h"
#include "crypto/modular.h"
#include "crypto/secp256k1.h"

/* A cube root of one modulo the order: lambda * (x, y) = (beta * x, y). */
static const struct u256 lambda = {{0x1b23bd72, 0xdf02967c, 0x20816678, 0x122e22ea, 0x8812645a, 0xa5261c02, 0xc05c30e0, 0x5363ad4c}};

/* Below 2^129. */
static bool is_short(const struct u256 *a)
{
	return a->limb[4] <= 1 && (a->limb[5] | a->limb[6] | a->limb[7]) == 0;
}

void secp256k1_split_scalar(struct secp256k1_split *split, const struct u256 *k)
{
	const struct u256 *order = &secp256k1_order;
	struct u256 sum;
	hint_split_scalar(split, k);
	mod_mul(&sum, &split->k2, &lambda, order);
	if (split->k2_negative)
		mod_negate(&sum, &sum, order);
	if (split->k1_negative)
		mod_sub(&sum, &sum, &split->k1, order);
	else
		mod_add(&sum, &sum, &split->k1, order);
	if (!is_short(&split->k1) || !is_short(&split->k2) || !u256_equal(&sum, k))
		(void)FAIL(STATUS_HINT);
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
