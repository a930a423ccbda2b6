#ifndef GUEST_ETH_STATE_H
#define GUEST_ETH_STATE_H

#include "base/bytes.h"
#include "base/status.h"

/*
 * The journaled world state over a witness: what the EVM sees.
 *
 * A function that returns a status may need a trie node or a code that the witness lacks. Its failure ends the whole run
 * (it is not an EVM error) and must be handed up unchanged. A function without a status cannot fail: it touches only what an
 * earlier one loaded, or runs out of memory, which sticks in `failure_first()`.
 */

struct state;
struct u256;

/* Accounts. An account that does not exist has balance 0, nonce 0, no code, no storage. */
status state_exists(struct state *state, const struct address *address, bool *exists);     /* it or the block made it, empty or not */
status state_is_empty(struct state *state, const struct address *address, bool *is_empty); /* EIP-161 */
status state_balance(struct state *state, const struct address *address, struct u256 *balance);
status state_add_balance(struct state *state, const struct address *address, const struct u256 *amount); /* modulo 2^256 */
/* `enough` says whether the balance was at least `amount`; where not, nothing changed. */
status state_sub_balance(struct state *state, const struct address *address, const struct u256 *amount, bool *enough);
status state_nonce(struct state *state, const struct address *address, uint64_t *nonce);
status state_set_nonce(struct state *state, const struct address *address, uint64_t nonce);

/* The code itself; an EIP-7702 designator is code like any other. The bytes live until the end of the batch. */
status state_code(struct state *state, const struct address *address, struct slice *code);
/* keccak256 of the code, also for an account without code or that does not exist (the hash of nothing). */
status state_code_hash(struct state *state, const struct address *address, struct bytes32 *hash);
/* Copies the bytes. An empty code takes the code away. */
status state_set_code(struct state *state, const struct address *address, struct slice code);

/* Storage. `original` is the value when the transaction began. */
status state_storage(struct state *state, const struct address *address, const struct u256 *key, struct u256 *value);
status state_original_storage(struct state *state, const struct address *address, const struct u256 *key, struct u256 *value);
status state_set_storage(struct state *state, const struct address *address, const struct u256 *key, const struct u256 *value);
status state_transient(struct state *state, const struct address *address, const struct u256 *key, struct u256 *value);
status state_set_transient(struct state *state, const struct address *address, const struct u256 *key, const struct u256 *value);

/* EIP-2929. Marks as warm; `was_cold` says whether it was not before. Nothing is loaded from the witness. */
status state_warm_address(struct state *state, const struct address *address, bool *was_cold);
status state_warm_slot(struct state *state, const struct address *address, const struct u256 *key, bool *was_cold);

/* EIP-684, EIP-7610: nonce, code or storage stand in the way of a creation. */
status state_has_collision(struct state *state, const struct address *address, bool *collides);
/*
 * Begins a contract: nonce 1, storage empty, marked as created in this transaction. The balance stays. Only where
 * state_has_collision says no.
 */
status state_create_contract(struct state *state, const struct address *address);
status state_created_in_transaction(struct state *state, const struct address *address, bool *created);
/*
 * EIP-6780: the account is deleted when the transaction ends, if this transaction created it; otherwise nothing happens. The
 * caller moves the balance. The balance that the account holds in the end is burnt.
 */
status state_mark_selfdestruct(struct state *state, const struct address *address);

enum { state_max_topics = 4 };
/* Copies data and topics. */
status state_log(struct state *state, const struct address *address, const struct bytes32 *topics, size_t topic_count, struct slice data);

/* The counter of EIP-3529, which may go below zero in between. */
void state_add_refund(struct state *state, int64_t amount);
int64_t state_refund(const struct state *state);

/* A hash for tables, under a key that no user foresees (eth/keyed_hash.h). */
uint32_t state_keyed_hash(const struct state *state, const struct bytes32 *bytes);

/*
 * Snapshots cover everything above: accounts, storage, transient storage, codes, warm sets, creations, selfdestruct marks, logs,
 * refund. A snapshot stays valid until an older one is reverted to or the transaction ends; one that is not needed is forgotten.
 */
typedef uint32_t state_snapshot_id;
state_snapshot_id state_snapshot(const struct state *state);
void state_revert(struct state *state, state_snapshot_id snapshot);

/*
 * Hash of an ancestor block, zero where BLOCKHASH gives zero: EIP-2935's storage is the source, for the last 256 blocks.
 */
status state_block_hash(struct state *state, uint64_t current_number, uint64_t number, struct bytes32 *hash);

#endif
