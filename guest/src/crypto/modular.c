#include "crypto/modular.h"

#include "base/status.h"

void mod_add(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m)
{
	struct u256 sum, reduced;
	bool carry = u256_add(&sum, a, b);
	bool borrow = u256_sub(&reduced, &sum, m);
	*result = borrow && !carry ? sum : reduced;
}

void mod_sub(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m)
{
	if (u256_sub(result, a, b))
		u256_add(result, result, m);
}

void mod_negate(struct u256 *result, const struct u256 *a, const struct u256 *m)
{
	if (u256_is_zero(a))
		*result = u256_zero;
	else
		u256_sub(result, m, a);
}

void mod_power(struct u256 *result, const struct u256 *base, const struct u256 *exponent, const struct u256 *m)
{
	struct u256 value = u256_from_u64(1);
	struct u256 factor = *base;
	for (unsigned bit = u256_bit_length(exponent); bit-- > 0;) {
		mod_mul(&value, &value, &value, m);
		if (exponent->limb[bit / 32] >> (bit % 32) & 1)
			mod_mul(&value, &value, &factor, m);
	}
	*result = value;
}

void mod_inverse(struct u256 *result, const struct u256 *a, const struct u256 *m)
{
	struct u256 inverse, product;
	struct u256 one = u256_from_u64(1);
	syscall_inverse(&inverse, a, m);
	mod_mul(&product, &inverse, a, m);
	if (!u256_less(&inverse, m) || !u256_equal(&product, &one))
		(void)FAIL(STATUS_INTERNAL);
	*result = inverse;
}
