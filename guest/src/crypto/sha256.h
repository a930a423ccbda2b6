#ifndef GUEST_CRYPTO_SHA256_H
#define GUEST_CRYPTO_SHA256_H

#include "base/bytes.h"

void sha256(const void *data, size_t length, uint8_t hash[32]);

#endif
