#ifndef GUEST_CRYPTO_RIPEMD160_H
#define GUEST_CRYPTO_RIPEMD160_H

#include "base/bytes.h"

void ripemd160(const void *data, size_t length, uint8_t hash[20]);

#endif
