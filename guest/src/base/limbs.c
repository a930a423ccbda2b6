#include "base/limbs.h"

#include <stdbool.h>

uint32_t limbs_shift_left(uint32_t *result, const uint32_t *limbs, int count, unsigned bits)
{
	uint32_t below = 0;
	for (int i = 0; i < count; i++) {
		uint32_t limb = limbs[i];
		result[i] = bits == 0 ? limb : limb << bits | below;
		below = bits == 0 ? 0 : limb >> (32 - bits);
	}
	return below;
}

void limbs_shift_right(uint32_t *result, const uint32_t *limbs, int count, unsigned bits, uint32_t above)
{
	for (int i = 0; i < count; i++) {
		uint32_t high = i + 1 < count ? limbs[i + 1] : above;
		result[i] = bits == 0 ? limbs[i] : limbs[i] >> bits | high << (32 - bits);
	}
}

/*
 * (high, low) / divisor for high < divisor and a divisor whose highest bit is set: two divisions of the machine's own width,
 * where the compiler's 64-bit division would be a loop on RV32.
 */
static uint32_t divide_two_limbs(uint32_t high, uint32_t low, uint32_t divisor, uint32_t *remainder)
{
	uint32_t divisor_high = divisor >> 16;
	uint32_t divisor_low = divisor & 0xffff;
	uint32_t digits[2];
	uint32_t rest = high;
	for (int i = 0; i < 2; i++) {
		uint32_t next = i == 0 ? low >> 16 : low & 0xffff;
		uint32_t digit = rest / divisor_high;
		uint32_t partial = rest % divisor_high;
		while (digit > 0xffff || digit * divisor_low > (partial << 16 | next)) {
			digit--;
			partial += divisor_high;
			if (partial > 0xffff)
				break;
		}
		rest = (rest << 16 | next) - digit * divisor;
		digits[i] = digit;
	}
	*remainder = rest;
	return digits[0] << 16 | digits[1];
}

void limbs_divide_by_limb(uint32_t *quotient, uint32_t *remainder, const uint32_t *numerator, int length, uint32_t divisor)
{
	unsigned shift = (unsigned)__builtin_clz(divisor);
	uint32_t normalized = divisor << shift;
	uint32_t rest = shift == 0 ? 0 : numerator[length - 1] >> (32 - shift);
	for (int i = length - 1; i >= 0; i--) {
		uint32_t below = i > 0 && shift > 0 ? numerator[i - 1] >> (32 - shift) : 0;
		quotient[i] = divide_two_limbs(rest, numerator[i] << shift | below, normalized, &rest);
	}
	*remainder = rest >> shift;
}

uint32_t limbs_divide_step(uint32_t *rest, const uint32_t *divisor, int count)
{
	uint32_t top = divisor[count - 1];
	uint32_t digit = UINT32_MAX;
	if (rest[count] < top) {
		uint32_t partial;
		digit = divide_two_limbs(rest[count], rest[count - 1], top, &partial);
		while ((uint64_t)digit * divisor[count - 2] > ((uint64_t)partial << 32 | rest[count - 2])) {
			digit--;
			partial += top;
			if (partial < top)
				break;
		}
	}
	uint32_t carry = 0;
	for (int i = 0; i < count; i++) {
		uint64_t product = (uint64_t)digit * divisor[i] + carry;
		uint32_t low = (uint32_t)product;
		carry = (uint32_t)(product >> 32) + (rest[i] < low);
		rest[i] -= low;
	}
	/* The estimate is at most two too large. */
	bool negative = rest[count] < carry;
	rest[count] -= carry;
	while (negative) {
		digit--;
		uint32_t up = 0;
		for (int i = 0; i < count; i++) {
			uint64_t sum = (uint64_t)rest[i] + divisor[i] + up;
			rest[i] = (uint32_t)sum;
			up = (uint32_t)(sum >> 32);
		}
		uint32_t before = rest[count];
		rest[count] += up;
		negative = rest[count] >= before;
	}
	return digit;
}
