#ifndef GUEST_ROLLUP_PUBLIC_INPUTS_H
#define GUEST_ROLLUP_PUBLIC_INPUTS_H

#include "base/bytes.h"
#include "base/u256.h"

/* docs/formats.md §1, in the order of the words. */
struct public_inputs {
	struct u256 l1_chain_id;
	struct address rollup;
	struct u256 l2_chain_id, rules_version, batch_number;
	struct bytes32 parent_block_hash, state_root_before, last_block_hash, state_root_after;
	struct u256 first_block_number, last_block_number, last_timestamp;
	struct bytes32 state_diff_hash;
	struct u256 inbox_count_before;
	struct bytes32 inbox_root_before;
	struct u256 inbox_count_after;
	struct bytes32 inbox_root_after, messages_root;
};

void public_inputs_digest(const struct public_inputs *inputs, struct bytes32 *digest);

#endif
