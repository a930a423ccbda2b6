#ifndef GUEST_CRYPTO_BLS12_PAIRING_H
#define GUEST_CRYPTO_BLS12_PAIRING_H

#include "crypto/bls12_curve.h"

/* Affine coordinates of points other than infinity: p in G1, q in G2. */
struct bls12_pair {
	struct {
		struct bls12_fp x, y;
	} p;
	struct {
		struct bls12_fp2 x, y;
	} q;
	struct bls12_point running; /* the pairing's own */
};

/* Whether the product of the pairings e(p, q) is one; of none it is. */
bool bls12_pairing_is_one(struct bls12_pair *pairs, size_t count);

#endif
