#ifndef GUEST_ROLLUP_PROVER_INPUT_H
#define GUEST_ROLLUP_PROVER_INPUT_H

#include "base/bytes.h"
#include "base/status.h"
#include "base/u256.h"
#include "eth/rlp.h"

/* docs/formats.md §6. Lists were not looked into yet; whoever reads them finds only canonical RLP or fails. */
struct prover_input {
	struct u256 l1_chain_id, rules_version;
	uint64_t l2_chain_id, batch_number, inbox_count_before;
	struct address rollup;
	struct bytes32 state_root_before;
	struct slice parent_header;
	struct rlp_reader blocks, nodes, codes, frontier, items;
};

status prover_input_read(struct slice bytes, struct prover_input *input);

#endif
