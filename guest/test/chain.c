#include "answer.h"
#include "eth/block.h"
#include "eth/witness.h"

/*
 * Input: a list of chains [ fork, chain id, header before, [node*], [code*], [block*] ]. Prints a line per chain with, for each
 * block, `ok`, or `failed STATUS DETAIL` for the first that is not.
 */

enum { max_blocks = 1024, scratch_size = 1 << 28 };

static status run(struct rlp_reader fields, struct arena *arena)
{
	uint64_t fork, chain_id;
	struct slice encoded;
	struct rlp_reader nodes, codes, blocks;
	struct witness witness;
	struct header parent;
	struct executor executor = {.arena = arena};
	struct arena scratch;
	TRY(rlp_uint64(&fields, &fork));
	TRY(rlp_uint64(&fields, &chain_id));
	TRY(rlp_string(&fields, &encoded));
	TRY(rlp_list(&fields, &nodes));
	TRY(rlp_list(&fields, &codes));
	TRY(rlp_list(&fields, &blocks));
	struct chain_rules rules = {.fork = (enum fork)fork, .chain_id = chain_id, .has_blobs = true};
	void *memory = arena_take(arena, scratch_size);
	struct bytes32 *hashes = arena_take_array(arena, max_blocks, sizeof *hashes);
	if (memory == NULL || hashes == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	arena_init(&scratch, memory, scratch_size);
	TRY(witness_table_init(&witness.nodes, arena, nodes));
	TRY(witness_table_init(&witness.codes, arena, codes));
	TRY(header_read(encoded, rules.fork, &parent));
	TRY(state_new(arena, &witness, &parent.state_root, slice_of(parent.hash.bytes, sizeof parent.hash.bytes), &executor.state));
	executor.rules = &rules;
	executor.evm = evm_new(executor.state, arena, &scratch);
	if (executor.evm == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	uint64_t first = parent.number;
	for (size_t count = 1; !rlp_at_end(&blocks); count++) {
		struct block block;
		if (count > max_blocks)
			return FAIL(STATUS_OUT_OF_MEMORY);
		hashes[count - 1] = parent.hash;
		state_set_ancestors(executor.state, hashes, count, first);
		TRY(rlp_string(&blocks, &encoded));
		TRY(block_read(encoded, rules.fork, &block));
		TRY(block_execute(&executor, &block, &parent, NULL));
		parent = block.header;
		answer_text("ok ");
	}
	return STATUS_OK;
}

int main(void)
{
	struct slice input;
	struct arena arena;
	struct rlp_reader chains;
	if (platform_input(&input) != STATUS_OK || platform_memory(&arena) != STATUS_OK || rlp_only_list(input, &chains) != STATUS_OK)
		platform_halt(STATUS_INTERNAL);
	while (!rlp_at_end(&chains)) {
		struct rlp_reader chain;
		size_t mark = arena_mark(&arena);
		status result = rlp_list(&chains, &chain);
		if (result == STATUS_OK)
			result = run(chain, &arena);
		if (result != STATUS_OK) {
			answer_text("failed");
			answer_failure();
		}
		answer_end_line();
		arena_release(&arena, mark);
	}
	platform_halt(STATUS_OK);
}
