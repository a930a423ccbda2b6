#ifndef GUEST_CRYPTO_MODEXP_H
#define GUEST_CRYPTO_MODEXP_H

#include "base/arena.h"
#include "base/bytes.h"

/*
 * base^exponent modulo `modulus`, all big-endian; the result is as long as the modulus, and zero where that is zero. 0^0 is 1.
 * False when the scratch memory has no room.
 */
bool modexp(uint8_t *result, struct slice base, struct slice exponent, struct slice modulus, struct arena *scratch);

#endif
