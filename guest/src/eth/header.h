#ifndef GUEST_ETH_HEADER_H
#define GUEST_ETH_HEADER_H

#include "base/bytes.h"
#include "base/status.h"
#include "base/u256.h"
#include "eth/rules.h"

enum { bloom_bytes = 256 };

/* In the order of the RLP; the index of a field is the detail of STATUS_HEADER. */
enum header_field {
	HEADER_PARENT_HASH,
	HEADER_OMMERS_HASH,
	HEADER_COINBASE,
	HEADER_STATE_ROOT,
	HEADER_TRANSACTIONS_ROOT,
	HEADER_RECEIPTS_ROOT,
	HEADER_LOGS_BLOOM,
	HEADER_DIFFICULTY,
	HEADER_NUMBER,
	HEADER_GAS_LIMIT,
	HEADER_GAS_USED,
	HEADER_TIMESTAMP,
	HEADER_EXTRA_DATA,
	HEADER_PREV_RANDAO,
	HEADER_NONCE,
	HEADER_BASE_FEE,
	HEADER_WITHDRAWALS_ROOT,
	HEADER_BLOB_GAS_USED,
	HEADER_EXCESS_BLOB_GAS,
	HEADER_PARENT_BEACON_BLOCK_ROOT,
	HEADER_REQUESTS_HASH,
};

struct header {
	struct slice encoded;
	struct bytes32 hash;
	struct bytes32 parent_hash, ommers_hash, state_root, transactions_root, receipts_root;
	struct bytes32 prev_randao, withdrawals_root, parent_beacon_block_root, requests_hash;
	struct address coinbase;
	uint8_t logs_bloom[bloom_bytes];
	uint8_t nonce[8];
	struct u256 difficulty, base_fee;
	uint64_t number, gas_limit, gas_used, timestamp, blob_gas_used, excess_blob_gas;
};

/* Reads a header of the fork (20 fields, from Prague on 21) and hashes it. The encoding must outlive it. */
status header_read(struct slice encoded, enum fork fork, struct header *header);
/* Tells whoever runs the guest what the field ought to be; numbers in little-endian order. */
void header_log_mismatch(enum header_field field, const void *computed, size_t length);
/* What follows from the parent and from the rules, without execution. */
status header_check(const struct header *header, const struct header *parent, const struct chain_rules *rules);

#endif
