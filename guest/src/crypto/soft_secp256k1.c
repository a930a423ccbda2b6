#include "crypto/hint.h"
#include "crypto/syscall.h"

/* The field of 2^256 - 2^32 - 977; numbers are below it. */
static const struct u256 prime = {{0xfffffc2f, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}};

/* What 2^256 is worth: 2^32 + 977. Adds high * (2^32 + 977) to low; gives what is above 2^256. */
static uint64_t fold(struct u256 *low, const uint32_t *high, int count)
{
	uint64_t carry = 0;
	for (int i = 0; i < u256_limbs; i++) {
		uint64_t sum = (uint64_t)low->limb[i] + (uint32_t)carry;
		if (i < count)
			sum += (uint64_t)high[i] * 977;
		carry >>= 32;
		uint64_t shifted = (sum & UINT32_MAX) + (i > 0 && i - 1 < count ? high[i - 1] : 0);
		low->limb[i] = (uint32_t)shifted;
		carry += (sum >> 32) + (shifted >> 32);
	}
	return carry + (count == u256_limbs ? high[u256_limbs - 1] : 0);
}

static void multiply(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	uint32_t product[16];
	struct u256 low, reduced;
	syscall_mul_add(product, a, b, &u256_zero);
	for (int i = 0; i < u256_limbs; i++)
		low.limb[i] = product[i];
	uint64_t rest = fold(&low, product + u256_limbs, u256_limbs);
	/* Below 2^34, then 0 or 1. */
	while (rest > 0) {
		uint32_t limbs[2] = {(uint32_t)rest, (uint32_t)(rest >> 32)};
		rest = fold(&low, limbs, 2);
	}
	*result = u256_sub(&reduced, &low, &prime) ? low : reduced;
}

static void subtract(struct u256 *result, const struct u256 *a, const struct u256 *b)
{
	if (u256_sub(result, a, b))
		u256_add(result, result, &prime);
}

/* The third point of the line with this slope through `a` and a point with x coordinate `x`, mirrored. */
static void follow(struct secp256k1_point *a, const struct u256 *x, const struct u256 *slope)
{
	struct u256 third, y;
	multiply(&third, slope, slope);
	subtract(&third, &third, &a->x);
	subtract(&third, &third, x);
	subtract(&y, &a->x, &third);
	multiply(&y, &y, slope);
	subtract(&a->y, &y, &a->y);
	a->x = third;
}

void syscall_secp256k1_add(struct secp256k1_point *a, const struct secp256k1_point *b)
{
	struct u256 run, slope;
	struct u256 x = b->x;
	subtract(&run, &x, &a->x);
	subtract(&slope, &b->y, &a->y);
	hint_inverse(&run, &run, &prime);
	multiply(&slope, &slope, &run);
	follow(a, &x, &slope);
}

void syscall_secp256k1_double(struct secp256k1_point *a)
{
	struct u256 run, slope;
	struct u256 three = u256_from_u64(3);
	struct u256 two = u256_from_u64(2);
	struct u256 x = a->x;
	multiply(&slope, &x, &x);
	multiply(&slope, &slope, &three);
	multiply(&run, &a->y, &two);
	hint_inverse(&run, &run, &prime);
	multiply(&slope, &slope, &run);
	follow(a, &x, &slope);
}
