#ifndef GUEST_ETH_WORLD_H
#define GUEST_ETH_WORLD_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"
#include "base/u256.h"
#include "eth/state.h"

struct witness;

/* What executes blocks does with the state, besides what the EVM does with it (eth/state.h). */

/*
 * Lives in the arena until the end of the batch. The seed has less than a block of keccak, which no user foresees when he signs, so
 * that nobody can choose addresses and slots that meet in one place of a table.
 */
status state_new(struct arena *arena, const struct witness *witness, const struct bytes32 *root, struct slice seed, struct state **state);

/* Ancestors' hashes for forks without EIP-2935: `hashes[i]` is that of block `first + i`. */
void state_set_ancestors(struct state *state, const struct bytes32 *hashes, size_t count, uint64_t first);

void state_begin_transaction(struct state *state);
/* Deletes what EIP-6780 deletes. The logs stay until the next transaction begins. */
status state_end_transaction(struct state *state);

struct log {
	struct address address;
	uint32_t topic_count;
	const struct bytes32 *topics;
	struct slice data;
};

/* Those of the present transaction, in order. */
const struct log *state_logs(const struct state *state, size_t *count);

/* Writes the block's changes to the tries, leaves out empty accounts (EIP-161), and gives the new root. */
status state_commit(struct state *state, struct bytes32 *root);

/* The change of an account since the state was made, of what was committed. */
struct account_change {
	struct address address;
	bool exists;
	bool nonce_changed, balance_changed, code_changed;
	uint64_t nonce;
	struct u256 balance;
	struct bytes32 code_hash;
	struct slice code; /* if it changed */
	size_t slot_count;
	const struct slot_change {
		struct u256 key;
		struct u256 value;
	} *slots; /* ascending by key */
};

/* Net changes, ascending by address. */
status state_changes(struct state *state, const struct account_change **changes, size_t *count);

#endif
