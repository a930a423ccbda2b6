#include "base/limbs.h"
#include "crypto/syscall.h"

void syscall_mul_add(uint32_t result[16], const struct u256 *a, const struct u256 *b, const struct u256 *c)
{
	for (int i = 0; i < u256_limbs; i++) {
		result[i] = c->limb[i];
		result[i + u256_limbs] = 0;
	}
	for (int i = 0; i < u256_limbs; i++) {
		uint32_t carry = 0;
		uint32_t factor = a->limb[i];
		for (int j = 0; j < u256_limbs; j++) {
			uint64_t sum = (uint64_t)factor * b->limb[j] + result[i + j] + carry;
			result[i + j] = (uint32_t)sum;
			carry = (uint32_t)(sum >> 32);
		}
		result[i + u256_limbs] = carry;
	}
}

void syscall_mul_mod(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m)
{
	uint32_t product[16];
	syscall_mul_add(product, a, b, &u256_zero);
	u256_mod_wide(result, product, m);
}

/* value / 2 modulo m. */
static void halve(struct u256 *value, const struct u256 *m)
{
	uint32_t above = 0;
	if (value->limb[0] & 1)
		above = u256_add(value, value, m);
	limbs_shift_right(value->limb, value->limb, u256_limbs, 1, above);
}

static bool is_one(const struct u256 *a)
{
	return a->limb[0] == 1 && u256_fits_u32(a);
}

/* Divides out the twos of `number`, and as often halves its factor. */
static void drop_twos(struct u256 *number, struct u256 *factor, const struct u256 *m)
{
	while ((number->limb[0] & 1) == 0) {
		limbs_shift_right(number->limb, number->limb, u256_limbs, 1, 0);
		halve(factor, m);
	}
}

static void subtract_modulo(struct u256 *a, const struct u256 *b, const struct u256 *m)
{
	if (u256_sub(a, a, b))
		u256_add(a, a, m);
}

/* The binary Euclidean algorithm: number = factor * a modulo m holds for both numbers. Zero where there is no inverse. */
void syscall_inverse(struct u256 *result, const struct u256 *a, const struct u256 *m)
{
	struct u256 first, first_factor = u256_from_u64(1);
	struct u256 second = *m, second_factor = u256_zero;
	u256_mod(&first, a, m);
	while (!u256_is_zero(&first) && !is_one(&first) && !is_one(&second)) {
		drop_twos(&first, &first_factor, m);
		drop_twos(&second, &second_factor, m);
		if (u256_less(&first, &second)) {
			u256_sub(&second, &second, &first);
			subtract_modulo(&second_factor, &first_factor, m);
		} else {
			u256_sub(&first, &first, &second);
			subtract_modulo(&first_factor, &second_factor, m);
		}
	}
	*result = is_one(&first) ? first_factor : is_one(&second) ? second_factor : u256_zero;
}
