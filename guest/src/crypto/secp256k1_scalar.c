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

static uint32_t bits_at(const struct u256 *scalar, unsigned position)
{
	unsigned limb = position / 32;
	unsigned shift = position % 32;
	uint32_t low = scalar->limb[limb] >> shift;
	return shift == 0 ? low : low | scalar->limb[limb + 1] << (32 - shift);
}

void secp256k1_put_digits(uint8_t *lane, const struct u256 *scalar, bool negative, unsigned width)
{
	uint32_t mask = (1u << width) - 1;
	uint32_t half = 1u << (width - 1);
	uint32_t multiples = half / 2;
	uint32_t carry = 0;
	for (unsigned position = 0;; position += width) {
		/* Bits that are like the carry add nothing: skip them, a limb at a time where there is no other. */
		uint32_t bits = bits_at(scalar, position);
		uint32_t differing = bits ^ (0 - carry);
		while (differing == 0 && position < secp256k1_digits) {
			position += 32;
			bits = bits_at(scalar, position);
			differing = bits ^ (0 - carry);
		}
		if (differing != 0 && (differing & 1) == 0) {
			for (; (differing & 1) == 0; differing >>= 1)
				position++;
			bits = bits_at(scalar, position);
		}
		if (position >= secp256k1_digits)
			return;
		/* Odd. What is above the half becomes negative, and one is carried. */
		uint32_t digit = (bits & mask) + carry;
		carry = digit > half;
		uint32_t magnitude = carry ? mask + 1 - digit : digit;
		bool is_negative = (carry != 0) != negative;
		lane[secp256k1_lanes * position] = (uint8_t)(1 + magnitude / 2 + (is_negative ? multiples : 0));
	}
}
