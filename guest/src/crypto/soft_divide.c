#include "crypto/soft_divide.h"

#include "base/limbs.h"

enum { wide_limbs = 16 };

void soft_divide(uint32_t *quotient, struct u256 *remainder, const uint32_t *numerator, int length, const struct u256 *divisor)
{
	struct u256 rest_of_division = u256_zero;
	int count = limbs_used(divisor->limb, u256_limbs);
	int used = limbs_used(numerator, length);
	for (int i = 0; i < length; i++)
		quotient[i] = 0;
	if (used < count) {
		for (int i = 0; i < used; i++)
			rest_of_division.limb[i] = numerator[i];
	} else if (count == 1) {
		limbs_divide_by_limb(quotient, &rest_of_division.limb[0], numerator, used, divisor->limb[0]);
	} else {
		unsigned shift = (unsigned)__builtin_clz(divisor->limb[count - 1]);
		uint32_t normalized[u256_limbs];
		uint32_t rest[wide_limbs + 1];
		limbs_shift_left(normalized, divisor->limb, count, shift);
		rest[used] = limbs_shift_left(rest, numerator, used, shift);
		for (int i = used - count; i >= 0; i--)
			quotient[i] = limbs_divide_step(rest + i, normalized, count);
		limbs_shift_right(rest_of_division.limb, rest, count, shift, rest[count]);
	}
	*remainder = rest_of_division;
}
