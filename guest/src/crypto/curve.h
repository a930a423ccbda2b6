#ifndef GUEST_CRYPTO_CURVE_H
#define GUEST_CRYPTO_CURVE_H

#include "base/u256.h"

/* y^2 = x^3 + ax + b over a prime field, with b other than 0 and a prime number of points. */
struct curve {
	struct u256 prime, a, b;
};

/* (0, 0), which is not on the curve, stands for infinity. */
struct curve_point {
	struct u256 x, y;
};

bool curve_is_infinity(const struct curve_point *point);
/* Coordinates below the prime, on the curve; not infinity. */
bool curve_contains(const struct curve *curve, const struct curve_point *point);
/* a += b */
void curve_add(const struct curve *curve, struct curve_point *a, const struct curve_point *b);
void curve_multiply(const struct curve *curve, struct curve_point *point, const struct u256 *scalar);
/* first_scalar * first + second_scalar * second */
void curve_combine(const struct curve *curve, struct curve_point *result, const struct u256 *first_scalar, const struct curve_point *first,
                   const struct u256 *second_scalar, const struct curve_point *second);

#endif
