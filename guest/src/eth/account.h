#ifndef GUEST_ETH_ACCOUNT_H
#define GUEST_ETH_ACCOUNT_H

#include "base/bytes.h"
#include "base/status.h"
#include "base/u256.h"

/* A leaf of the account trie. */
struct account_leaf {
	uint64_t nonce;
	struct u256 balance;
	struct bytes32 storage_root;
	struct bytes32 code_hash;
};

enum { account_max_encoded = 128 };

status account_decode(struct slice encoded, struct account_leaf *leaf);
/* Into a buffer of account_max_encoded bytes, somewhere in which the encoding then stands. */
status account_encode(const struct account_leaf *leaf, uint8_t *buffer, struct slice *encoded);

/* A leaf of a storage trie: a value other than zero. */
status slot_decode(struct slice encoded, struct u256 *value);
enum { slot_max_encoded = 33 };
status slot_encode(const struct u256 *value, uint8_t *buffer, struct slice *encoded);

#endif
