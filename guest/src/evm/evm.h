#ifndef GUEST_EVM_EVM_H
#define GUEST_EVM_EVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"
#include "base/u256.h"
#include "eth/state.h"
#include "evm/fork.h"

/* What opcodes see of the block. */
struct evm_block {
	enum fork fork;
	uint64_t number;
	uint64_t timestamp;
	uint64_t gas_limit;
	uint64_t chain_id;
	struct address coinbase;
	struct bytes32 prev_randao;
	struct u256 base_fee;
	struct u256 blob_base_fee;
};

/* What opcodes see of the transaction. */
struct evm_transaction {
	struct address origin;
	struct u256 gas_price; /* the effective one */
	const struct bytes32 *blob_hashes;
	size_t blob_hash_count; /* 0 but in tests with blob transactions */
};

enum evm_kind { EVM_CALL, EVM_CALLCODE, EVM_DELEGATECALL, EVM_STATICCALL, EVM_CREATE, EVM_CREATE2 };

/*
 * A transaction's outermost message: EVM_CALL or EVM_CREATE. For a creation `to` is the address to be made (evm_create_address)
 * and the input is the init code; its length was checked (EIP-3860) and the sender's nonce raised before.
 */
struct evm_message {
	enum evm_kind kind;
	struct address sender;
	struct address to;
	struct u256 value;
	struct slice input;
	uint64_t gas; /* what is left after the intrinsic gas */
};

enum evm_outcome {
	EVM_SUCCESS,
	EVM_REVERT, /* the REVERT opcode: state undone, gas kept */
	EVM_HALT    /* any exception: state undone, gas gone */
};

struct evm_result {
	enum evm_outcome outcome;
	uint64_t gas_left;
	struct slice output; /* until the next evm_execute; empty after a creation that succeeded */
};

struct evm;

/*
 * `lasting` holds the EVM itself and its cache of jump targets, until the end of the batch. `scratch` is the EVM's alone: frames
 * grow in it from its mark and leave nothing behind. Null when `lasting` has no room.
 */
struct evm *evm_new(struct state *state, struct arena *lasting, struct arena *scratch);

/* Before the first message of a block, of a transaction. Both are copied. */
void evm_begin_block(struct evm *evm, const struct evm_block *block);
void evm_begin_transaction(struct evm *evm, const struct evm_transaction *transaction);

/*
 * Runs the message with all that it calls: moves the value, and undoes the state where the outcome is not success. The caller
 * made sender, recipient, coinbase and access list warm (precompiles need not be made so), paid for the gas, and ends the
 * transaction (refund, selfdestructs) afterwards. The code of `to` is resolved here (EIP-7702), and its target made warm.
 */
status evm_execute(struct evm *evm, const struct evm_message *message, struct evm_result *result);

/* Last 20 bytes of keccak256(rlp([sender, nonce])). */
void evm_create_address(struct address *created, const struct address *sender, uint64_t nonce);

bool evm_is_precompile(enum fork fork, const struct address *address);

/* EIP-7702: whether the code is 0xef0100 and an address, which is then stored. */
bool evm_delegation_target(struct slice code, struct address *target);

#endif
