#ifndef GUEST_CRYPTO_BLS12_MAP_H
#define GUEST_CRYPTO_BLS12_MAP_H

#include "crypto/bls12_curve.h"

/* RFC 9380, sections 6.6.3 and 7: the point of the group that belongs to an element of the curve's field. */
void bls12_map(enum bls12_group group, struct bls12_point *result, const struct bls12_fp2 *element);

#endif
