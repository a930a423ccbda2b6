#include "base/u256.h"

unsigned u256_bit_length(const struct u256 *value)
{
	for (int i = u256_limbs - 1; i >= 0; i--)
		if (value->limb[i] != 0)
			return (unsigned)(32 * i + 32 - __builtin_clz(value->limb[i]));
	return 0;
}

void u256_shift_left(struct u256 *result, const struct u256 *value, const struct u256 *count)
{
	if (!u256_fits_u32(count) || count->limb[0] > 255) {
		*result = u256_zero;
		return;
	}
	int limbs = (int)(count->limb[0] / 32);
	unsigned bits = count->limb[0] % 32;
	for (int i = u256_limbs - 1; i >= 0; i--) {
		uint32_t high = i >= limbs ? value->limb[i - limbs] : 0;
		uint32_t low = i > limbs ? value->limb[i - limbs - 1] : 0;
		result->limb[i] = bits == 0 ? high : high << bits | low >> (32 - bits);
	}
}

/* The limbs that move in from above are `fill`. */
static void shift_right(struct u256 *result, const struct u256 *value, unsigned count, uint32_t fill)
{
	int limbs = (int)(count / 32);
	unsigned bits = count % 32;
	for (int i = 0; i < u256_limbs; i++) {
		uint32_t low = i + limbs < u256_limbs ? value->limb[i + limbs] : fill;
		uint32_t high = i + limbs + 1 < u256_limbs ? value->limb[i + limbs + 1] : fill;
		result->limb[i] = bits == 0 ? low : low >> bits | high << (32 - bits);
	}
}

void u256_shift_right(struct u256 *result, const struct u256 *value, const struct u256 *count)
{
	bool in_range = u256_fits_u32(count) && count->limb[0] < 256;
	shift_right(result, value, in_range ? count->limb[0] : 256, 0);
}

void u256_shift_right_signed(struct u256 *result, const struct u256 *value, const struct u256 *count)
{
	bool in_range = u256_fits_u32(count) && count->limb[0] < 256;
	uint32_t fill = value->limb[7] >> 31 ? UINT32_MAX : 0;
	shift_right(result, value, in_range ? count->limb[0] : 256, fill);
}

void u256_sign_extend(struct u256 *result, const struct u256 *index, const struct u256 *value)
{
	struct u256 extended = *value;
	if (u256_fits_u32(index) && index->limb[0] < 31) {
		unsigned sign_bit = 8 * index->limb[0] + 7;
		int limb = (int)(sign_bit / 32);
		uint32_t above = UINT32_MAX << (sign_bit % 32);
		bool negative = value->limb[limb] >> (sign_bit % 32) & 1;
		extended.limb[limb] = negative ? value->limb[limb] | above : value->limb[limb] & ~above;
		for (int i = limb + 1; i < u256_limbs; i++)
			extended.limb[i] = negative ? UINT32_MAX : 0;
	}
	*result = extended;
}

void u256_byte(struct u256 *result, const struct u256 *index, const struct u256 *value)
{
	uint32_t byte = 0;
	if (u256_fits_u32(index) && index->limb[0] < 32) {
		unsigned position = 31 - index->limb[0];
		byte = value->limb[position / 4] >> (8 * (position % 4)) & 0xff;
	}
	*result = u256_from_u64(byte);
}
