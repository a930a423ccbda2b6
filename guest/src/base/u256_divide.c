#include "base/u256.h"

#include "crypto/syscall.h"

enum { wide_limbs = 16 };

static int used_limbs(const uint32_t *limbs, int count)
{
	while (count > 0 && limbs[count - 1] == 0)
		count--;
	return count;
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

static void divide_by_limb(uint32_t *quotient, uint32_t *remainder, const uint32_t *numerator, int length, uint32_t divisor)
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

/* One digit of Knuth's algorithm D: reduces rest[0 … count], whose quotient by the divisor is below 2^32. */
static uint32_t divide_step(uint32_t *rest, const uint32_t *divisor, int count)
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

/* Quotient of `length` limbs (all are written) and remainder; the divisor is not zero. */
static void divide(uint32_t *quotient, struct u256 *remainder, const uint32_t *numerator, int length, const struct u256 *divisor)
{
	int count = used_limbs(divisor->limb, u256_limbs);
	int used = used_limbs(numerator, length);
	for (int i = 0; i < length; i++)
		quotient[i] = 0;
	*remainder = u256_zero;
	if (used < count) {
		for (int i = 0; i < used; i++)
			remainder->limb[i] = numerator[i];
		return;
	}
	if (count == 1) {
		divide_by_limb(quotient, &remainder->limb[0], numerator, used, divisor->limb[0]);
		return;
	}
	unsigned shift = (unsigned)__builtin_clz(divisor->limb[count - 1]);
	uint32_t normalized[u256_limbs];
	uint32_t rest[wide_limbs + 1];
	for (int i = count - 1; i >= 0; i--)
		normalized[i] = shift == 0 || i == 0 ? divisor->limb[i] << shift : divisor->limb[i] << shift | divisor->limb[i - 1] >> (32 - shift);
	rest[used] = shift == 0 ? 0 : numerator[used - 1] >> (32 - shift);
	for (int i = used - 1; i >= 0; i--)
		rest[i] = shift == 0 || i == 0 ? numerator[i] << shift : numerator[i] << shift | numerator[i - 1] >> (32 - shift);
	for (int i = used - count; i >= 0; i--)
		quotient[i] = divide_step(rest + i, normalized, count);
	for (int i = 0; i < count; i++)
		remainder->limb[i] = shift == 0 ? rest[i] : rest[i] >> shift | rest[i + 1] << (32 - shift);
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
	return used_limbs(product, wide_limbs) > u256_limbs;
}
