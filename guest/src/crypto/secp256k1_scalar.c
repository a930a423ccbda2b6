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
	return scalar->limb[limb] >> shift | scalar->limb[limb + 1] << 1 << (31 - shift);
}

void secp256k1_put_digits(uint8_t *lane, const struct u256 *scalar, bool negative, unsigned width)
{
	uint32_t mask = (1u << width) - 1;
	uint32_t multiples = 1u << (width - 2);
	uint32_t carry = 0;
	unsigned position = 0;
	while (position < secp256k1_digits) {
		/* Bits that are like the carry add nothing: what is left without them is odd. */
		uint32_t bits = bits_at(scalar, position) ^ (0 - carry);
		if (bits == 0) {
			position += 32;
			continue;
		}
		unsigned start = position;
		for (; (bits & 1) == 0; bits >>= 1)
			position++;
		if (position - start > 32 - width)
			continue;
		if (position >= secp256k1_digits)
			return;
		/* Above the half, the digit is 2^width less, and what is carried changes: with a carry, all bits and the sign are the other way round. */
		uint32_t is_large = bits >> (width - 1) & 1;
		uint32_t index = ((bits ^ (0 - is_large)) & mask) >> 1;
		carry ^= is_large;
		bool is_negative = (carry != 0) != negative;
		lane[secp256k1_lanes * position] = (uint8_t)(1 + index + (is_negative ? multiples : 0));
		position += width;
	}
}
