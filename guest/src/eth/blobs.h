#ifndef GUEST_ETH_BLOBS_H
#define GUEST_ETH_BLOBS_H

#include "base/status.h"
#include "base/u256.h"
#include "eth/rules.h"

/* EIP-4844 with the parameters of the forks after it. The rollup has no blobs; official tests have. */

enum { gas_per_blob = 1 << 17 };

/* The most blobs of a transaction (EIP-7594) and of a block. */
uint64_t blobs_per_transaction(enum fork fork);
uint64_t blobs_per_block(enum fork fork);

/* What a unit of blob gas costs in a block with this excess. False where it does not fit 256 bits, which nobody could pay. */
bool blob_base_fee(enum fork fork, uint64_t excess, struct u256 *fee);

/* The excess of the block after one with these values (EIP-7918 from Osaka on). False on overflow. */
bool blob_excess_after(enum fork fork, uint64_t excess, uint64_t blob_gas_used, const struct u256 *base_fee, uint64_t *next);

#endif
