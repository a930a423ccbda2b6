#ifndef GUEST_CRYPTO_SECP256K1_GENERATOR_H
#define GUEST_CRYPTO_SECP256K1_GENERATOR_H

#include "crypto/syscall.h"

enum { secp256k1_generator_width = 7, secp256k1_generator_points = 1 << (secp256k1_generator_width - 1) };

/* The generator times 1, 3, 5 …, then times -1, -3, -5 …; the same of the generator times 2^128. */
extern const struct secp256k1_point secp256k1_generator[secp256k1_generator_points];
extern const struct secp256k1_point secp256k1_generator_high[secp256k1_generator_points];

#endif
