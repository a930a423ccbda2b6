#ifndef GUEST_CRYPTO_SOFT_DIVIDE_H
#define GUEST_CRYPTO_SOFT_DIVIDE_H

#include "base/u256.h"

/* Quotient of `length` limbs, at most 16, (all are written) and remainder; the divisor is not zero. Knuth's algorithm D. */
void soft_divide(uint32_t *quotient, struct u256 *remainder, const uint32_t *numerator, int length, const struct u256 *divisor);

#endif
