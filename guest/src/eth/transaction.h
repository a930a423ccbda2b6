#ifndef GUEST_ETH_TRANSACTION_H
#define GUEST_ETH_TRANSACTION_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"
#include "base/u256.h"
#include "eth/rlp.h"
#include "eth/rules.h"

enum transaction_type { TX_LEGACY = 0, TX_ACCESS_LIST = 1, TX_FEE_MARKET = 2, TX_BLOB = 3, TX_SET_CODE = 4 };

/* Why a transaction is not valid: the detail of STATUS_TRANSACTION. */
enum transaction_fault {
	TX_FAULT_TYPE = 1,
	TX_FAULT_CHAIN_ID,
	TX_FAULT_SIGNATURE,
	TX_FAULT_NONCE,
	TX_FAULT_SENDER_IS_CONTRACT,
	TX_FAULT_FEE_CAP,
	TX_FAULT_PRIORITY_FEE,
	TX_FAULT_FUNDS,
	TX_FAULT_INTRINSIC_GAS,
	TX_FAULT_GAS_LIMIT,
	TX_FAULT_INIT_CODE,
	TX_FAULT_NO_AUTHORIZATION,
	TX_FAULT_CREATES,
	TX_FAULT_BLOBS,
};

struct transaction {
	enum transaction_type type;
	struct slice encoded; /* EIP-2718: of a legacy transaction the list, of any other the type and the list */
	bool creates;
	unsigned y_parity;
	uint64_t nonce, gas_limit;
	struct u256 max_priority_fee, max_fee, value, max_blob_fee, r, s;
	struct address to;
	struct slice data;
	/* Checked: [ [address, [key*]]* ], [ [chain id, address, nonce, y parity, r, s]* ] */
	struct rlp_reader access_list, authorizations;
	size_t access_addresses, access_keys, authorization_count;
	const struct bytes32 *blob_hashes;
	size_t blob_count;
	struct bytes32 signing_hash;
};

struct authorization {
	struct u256 chain_id;
	struct address target;
	uint64_t nonce;
	uint64_t y_parity;
	struct u256 r, s;
	struct bytes32 signing_hash;
};

/* Decodes a transaction of this chain from its only encoding, and checks all that needs no state. */
status transaction_read(struct slice encoded, const struct chain_rules *rules, struct arena *arena, struct transaction *transaction);
/* Recovers the sender. */
status transaction_sender(const struct transaction *transaction, struct address *sender);
/* The next one of a transaction's authorizations. */
status authorization_read(struct rlp_reader *authorizations, struct authorization *authorization);
/* False where it is signed by nobody. */
bool authorization_authority(const struct authorization *authorization, struct address *authority);

/* EIP-2028, 2930, 3860, 7702; the least that a transaction pays (EIP-7623, 0 before Prague). */
status transaction_intrinsic_gas(const struct transaction *transaction, const struct chain_rules *rules, uint64_t *intrinsic, uint64_t *floor);

#endif
