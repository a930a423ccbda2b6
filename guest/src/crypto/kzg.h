#ifndef GUEST_CRYPTO_KZG_H
#define GUEST_CRYPTO_KZG_H

#include "base/arena.h"
#include "base/u256.h"

enum { kzg_commitment_bytes = 48 };

/* The order of the scalars, r. */
extern const struct u256 kzg_order;

/*
 * verify_kzg_proof of EIP-4844: whether the polynomial of this commitment has at z the value y. False too where the commitment or the
 * proof is not a canonical point of the subgroup, or z or y not below the order. The function's own result is false when there is no
 * room in the scratch memory.
 */
bool kzg_verify(bool *holds, const uint8_t commitment[kzg_commitment_bytes], const struct u256 *z, const struct u256 *y,
                const uint8_t proof[kzg_commitment_bytes], struct arena *scratch);

#endif
