#ifndef GUEST_BASE_LIMBS_H
#define GUEST_BASE_LIMBS_H

#include <stdint.h>

/* Integers of any number of 32-bit limbs, the lowest first. */

static inline int limbs_used(const uint32_t *limbs, int count)
{
	while (count > 0 && limbs[count - 1] == 0)
		count--;
	return count;
}

/* By less than 32 bits; returns what was shifted out. The result may be the operand. */
uint32_t limbs_shift_left(uint32_t *result, const uint32_t *limbs, int count, unsigned bits);
/* `above` comes in from the top. */
void limbs_shift_right(uint32_t *result, const uint32_t *limbs, int count, unsigned bits, uint32_t above);

/* Quotient of `length` limbs and remainder (at most the divisor - 1) of a division by one limb that is not zero. */
void limbs_divide_by_limb(uint32_t *quotient, uint32_t *remainder, const uint32_t *numerator, int length, uint32_t divisor);

/*
 * One digit of Knuth's algorithm D: reduces rest[0 … count], whose quotient by the divisor is below 2^32, and returns that. The
 * divisor has `count` limbs, at least two, and its top bit is set.
 */
uint32_t limbs_divide_step(uint32_t *rest, const uint32_t *divisor, int count);

#endif
