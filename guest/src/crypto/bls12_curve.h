#ifndef GUEST_CRYPTO_BLS12_CURVE_H
#define GUEST_CRYPTO_BLS12_CURVE_H

#include <stddef.h>

#include "base/arena.h"
#include "crypto/bls12_element.h"

/* (x / z, y / z); infinity has z = 0 and x = 0. In G1 the coordinates are in F_p. */
struct bls12_point {
	struct bls12_fp2 x, y, z;
};

/* The point with these affine coordinates. */
void bls12_point_set(struct bls12_point *point, const struct bls12_fp2 *x, const struct bls12_fp2 *y);
void bls12_point_set_infinity(struct bls12_point *point);
bool bls12_point_is_infinity(enum bls12_group group, const struct bls12_point *point);
/* Of a point other than infinity. */
void bls12_point_to_affine(enum bls12_group group, const struct bls12_point *point, struct bls12_fp2 *x, struct bls12_fp2 *y);

/* x^3 + b */
void bls12_square_of_y(enum bls12_group group, struct bls12_fp2 *result, const struct bls12_fp2 *x);
/* Whether a point with these affine coordinates is on the curve; whether a point of the curve is in the subgroup of order r. */
bool bls12_is_on_curve(enum bls12_group group, const struct bls12_fp2 *x, const struct bls12_fp2 *y);
bool bls12_is_in_subgroup(enum bls12_group group, const struct bls12_point *point);

/* Of any points of the curve. A result may be an operand. */
void bls12_point_add(enum bls12_group group, struct bls12_point *result, const struct bls12_point *a, const struct bls12_point *b);
void bls12_point_double(enum bls12_group group, struct bls12_point *result, const struct bls12_point *a);
void bls12_point_negate(enum bls12_group group, struct bls12_point *point);
/* Times |z|, z = -0xd201000000010000 being the parameter of the curves. */
void bls12_point_multiply_by_parameter(enum bls12_group group, struct bls12_point *result, const struct bls12_point *a);
/* In G2: the endomorphism psi, which multiplies the points of the subgroup by z. */
void bls12_point_psi(struct bls12_point *result, const struct bls12_point *a);

struct bls12_term {
	struct bls12_point point;
	struct u256 scalar;
};

/* The sum of the points times their scalars, by tables in the scratch memory; false when there is no room. */
bool bls12_combine(enum bls12_group group, struct bls12_point *result, const struct bls12_term *terms, size_t count, struct arena *scratch);

#endif
