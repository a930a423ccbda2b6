#include "base/u256.h"

#include "base/limbs.h"
#include "crypto/syscall.h"

enum { wide_limbs = 16 };

/* Quotient of `length` limbs (all are written) and remainder; the divisor is not zero. */
static void divide(uint32_t *quotient, struct u256 *remainder, const uint32_t *numerator, int length, const struct u256 *divisor)
{
	int count = limbs_used(divisor->limb, u256_limbs);
	int used = limbs_used(numerator, length);
	for (int i = 0; i < length; i++)
		quotient[i] = 0;
	*remainder = u256_zero;
	if (used < count) {
		for (int i = 0; i < used; i++)
			remainder->limb[i] = numerator[i];
		return;
	}
	if (count == 1) {
		limbs_divide_by_limb(quotient, &remainder->limb[0], numerator, used, divisor->limb[0]);
		return;
	}
	unsigned shift = (unsigned)__builtin_clz(divisor->limb[count - 1]);
	uint32_t normalized[u256_limbs];
	uint32_t rest[wide_limbs + 1];
	limbs_shift_left(normalized, divisor->limb, count, shift);
	rest[used] = limbs_shift_left(rest, numerator, used, shift);
	for (int i = used - count; i >= 0; i--)
		quotient[i] = limbs_divide_step(rest + i, normalized, count);
	limbs_shift_right(remainder->limb, rest, count, shift, rest[count]);
}

void u256_div(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	struct u256 quotient = u256_zero;
	struct u256 remainder;
	if (!u256_is_zero(b))
		divide(quotient.limb, &remainder, a->limb, u256_limbs, b);
	*result = quotient;
}

void u256_mod(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	struct u256 quotient;
	struct u256 remainder = u256_zero;
	if (!u256_is_zero(b))
		divide(quotient.limb, &remainder, a->limb, u256_limbs, b);
	*result = remainder;
}

static bool is_negative(const struct u256 *a)
{
	return a->limb[7] >> 31;
}

static struct u256 magnitude(const struct u256 *a)
{
	struct u256 result = *a;
	if (is_negative(a))
		u256_negate(&result, a);
	return result;
}

/* -2^255 / -1 comes out as 2^255, which is -2^255 again, as the EVM wants. */
void u256_div_signed(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	bool negative = is_negative(a) != is_negative(b);
	struct u256 positive_a = magnitude(a);
	struct u256 positive_b = magnitude(b);
	u256_div(result, &positive_a, &positive_b);
	if (negative)
		u256_negate(result, result);
}

void u256_mod_signed(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	bool negative = is_negative(a);
	struct u256 positive_a = magnitude(a);
	struct u256 positive_b = magnitude(b);
	u256_mod(result, &positive_a, &positive_b);
	if (negative)
		u256_negate(result, result);
}

void u256_mod_wide(struct u256 *result, const uint32_t value[16], const struct u256 *modulus)
{
	uint32_t quotient[wide_limbs];
	struct u256 remainder;
	divide(quotient, &remainder, value, wide_limbs, modulus);
	*result = remainder;
}

void u256_add_mod(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *modulus)
{
	if (u256_is_zero(modulus)) {
		*result = u256_zero;
		return;
	}
	struct u256 low;
	uint32_t sum[wide_limbs] = {0};
	sum[u256_limbs] = u256_add(&low, a, b);
	for (int i = 0; i < u256_limbs; i++)
		sum[i] = low.limb[i];
	u256_mod_wide(result, sum, modulus);
}

void u256_mul_mod(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *modulus)
{
	if (u256_is_zero(modulus))
		*result = u256_zero;
	else
		syscall_mul_mod(result, a, b, modulus);
}

bool u256_mul_overflow(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	uint32_t product[wide_limbs];
	syscall_mul_add(product, a, b, &u256_zero);
	for (int i = 0; i < u256_limbs; i++)
		result->limb[i] = product[i];
	return limbs_used(product, wide_limbs) > u256_limbs;
}
