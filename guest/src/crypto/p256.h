#ifndef GUEST_CRYPTO_P256_H
#define GUEST_CRYPTO_P256_H

#include "base/u256.h"

/* Whether (r, s) is an ECDSA signature of the hash by the key (x, y) over P-256. Any numbers are allowed. */
bool p256_verify(const struct u256 *hash, const struct u256 *r, const struct u256 *s, const struct u256 *x, const struct u256 *y);

#endif
