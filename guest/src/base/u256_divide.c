#include "base/u256.h"

#include "base/limbs.h"
#include "base/status.h"
#include "crypto/hint.h"
#include "crypto/syscall.h"

/* The divisor is not zero. Quotient and remainder are the prover's word until q * b + r = a and r < b say that they are right. */
static void divide(struct u256 *quotient, struct u256 *remainder, const struct u256 *a, const struct u256 *b)
{
	if (u256_fits_u32(a) && u256_fits_u32(b)) {
		uint32_t numerator = a->limb[0], divisor = b->limb[0];
		*quotient = u256_from_u64(numerator / divisor);
		*remainder = u256_from_u64(numerator % divisor);
		return;
	}
	uint32_t product[2 * u256_limbs];
	uint32_t difference = 0;
	struct u256 q, r;
	hint_divide(&q, &r, a, b);
	syscall_mul_add(product, &q, b, &r);
	for (int i = 0; i < u256_limbs; i++)
		difference |= (product[i] ^ a->limb[i]) | product[u256_limbs + i];
	if (difference != 0 || !u256_less(&r, b))
		(void)FAIL(STATUS_HINT);
	*quotient = q;
	*remainder = r;
}

void u256_div(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	struct u256 remainder;
	if (u256_is_zero(b))
		*result = u256_zero;
	else
		divide(result, &remainder, a, b);
}

void u256_mod(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	struct u256 quotient;
	if (u256_is_zero(b))
		*result = u256_zero;
	else
		divide(&quotient, result, a, b);
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

void u256_add_mod(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *modulus)
{
	if (u256_is_zero(modulus)) {
		*result = u256_zero;
		return;
	}
	struct u256 one = u256_from_u64(1);
	struct u256 reduced_a, reduced_b;
	syscall_mul_mod(&reduced_a, a, &one, modulus);
	syscall_mul_mod(&reduced_b, b, &one, modulus);
	bool carry = u256_add(&reduced_a, &reduced_a, &reduced_b);
	bool borrow = u256_sub(&reduced_b, &reduced_a, modulus);
	*result = borrow && !carry ? reduced_a : reduced_b;
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
	uint32_t product[2 * u256_limbs];
	syscall_mul_add(product, a, b, &u256_zero);
	for (int i = 0; i < u256_limbs; i++)
		result->limb[i] = product[i];
	return limbs_used(product, 2 * u256_limbs) > u256_limbs;
}
