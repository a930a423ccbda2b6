#include "crypto/soft_divide.h"
#include "crypto/syscall.h"

void syscall_mul_add(uint32_t result[16], const struct u256 *a, const struct u256 *b, const struct u256 *c)
{
	uint32_t total[16];
	for (int i = 0; i < u256_limbs; i++)
		total[i] = c->limb[i];
	for (int i = 0; i < u256_limbs; i++) {
		uint32_t carry = 0;
		uint32_t factor = a->limb[i];
		for (int j = 0; j < u256_limbs; j++) {
			uint64_t sum = (uint64_t)factor * b->limb[j] + total[i + j] + carry;
			total[i + j] = (uint32_t)sum;
			carry = (uint32_t)(sum >> 32);
		}
		total[i + u256_limbs] = carry;
	}
	for (int i = 0; i < 2 * u256_limbs; i++)
		result[i] = total[i];
}

void syscall_mul_mod(struct u256 *result, const struct u256 *a, const struct u256 *b, const struct u256 *m)
{
	uint32_t product[16], quotient[16];
	syscall_mul_add(product, a, b, &u256_zero);
	soft_divide(quotient, result, product, 16, m);
}
