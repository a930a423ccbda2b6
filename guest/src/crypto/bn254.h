#ifndef GUEST_CRYPTO_BN254_H
#define GUEST_CRYPTO_BN254_H

#include "crypto/bn254_tower.h"
#include "crypto/curve.h"

/* The curve of EIP-196 and EIP-197, y^2 = x^3 + 3, and its twist over F_p^2. (0, 0) is infinity. */
#define bn254_point curve_point

struct bn254_twist_point {
	struct fp2 x, y;
};

struct bn254_pair {
	struct bn254_point p;
	struct bn254_twist_point q;
	struct bn254_twist_point running; /* the pairing's own */
};

/* Whether the coordinates are reduced and the point is infinity or on the curve; on the twist also of the right order. */
bool bn254_is_valid(const struct bn254_point *point);
bool bn254_twist_is_valid(const struct bn254_twist_point *point);

void bn254_add(struct bn254_point *a, const struct bn254_point *b);
void bn254_multiply(struct bn254_point *point, const struct u256 *scalar);

/* Whether the product of the pairings e(p, q) is one; of none it is. */
bool bn254_pairing_is_one(struct bn254_pair *pairs, size_t count);

#endif
