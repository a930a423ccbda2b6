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
