#include "rollup/batch.h"

#include "crypto/keccak.h"
#include "eth/block.h"
#include "eth/witness.h"
#include "platform/log.h"
#include "rollup/inbox.h"
#include "rollup/messages.h"
#include "rollup/prover_input.h"
#include "rollup/public_inputs.h"
#include "rollup/state_diff.h"

enum { rules_version = 1, block_gas_limit = 30000000, max_deposits_per_block = 16 };

/* The EVM's frames get so much of what memory there is. */
enum { scratch_share = 4 };

static status visit_logs(void *context, const struct log *logs, size_t count)
{
	return messages_visit(context, logs, count);
}

/* What executed blocks made of the state, as a state diff. For a block whose results are refused: what is written stays wrong. */
static void log_state(struct executor *executor, const struct header *last)
{
	const struct account_change *changes;
	size_t count;
	struct slice diff;
	struct bytes32 root;
	if (state_commit(executor->state, &root) != STATUS_OK || state_changes(executor->state, &changes, &count) != STATUS_OK ||
	    state_diff_encode(last->encoded, changes, count, executor->arena, &diff) != STATUS_OK)
		return;
	log_record(LOG_STATE_DIFF, diff);
}

/* A block that is read, executed and checked, its deposits taken from the Inbox. */
static status execute_block(struct executor *executor, struct slice encoded, const struct header *parent, struct inbox *inbox,
                            struct messages *messages, struct block *block)
{
	struct log_visitor visitor = {.visit = visit_logs, .context = messages};
	TRY(block_read(encoded, executor->rules->fork, block));
	log_record(LOG_BLOCK, slice_of((const uint8_t *)&block->header.number, sizeof block->header.number));
	if (block->withdrawal_count > max_deposits_per_block)
		return FAIL(STATUS_INBOX);
	TRY(inbox_consume(inbox, block));
	TRY(inbox_check_root(inbox, &block->header.parent_beacon_block_root));
	status result = block_execute(executor, block, parent, &visitor);
	if (result >= STATUS_GAS_USED && result <= STATUS_WITHDRAWALS_ROOT)
		log_state(executor, &block->header);
	return result;
}

/* `blocks` has room for the one that is executed and the one before. */
static status execute_blocks(struct executor *executor, const struct prover_input *input, struct inbox *inbox, struct messages *messages,
                             const struct header *parent, struct block blocks[2], const struct header **last)
{
	struct rlp_reader rest = input->blocks;
	*last = parent;
	for (size_t i = 0; !rlp_at_end(&rest); i ^= 1) {
		struct slice encoded;
		TRY(rlp_string(&rest, &encoded));
		TRY(execute_block(executor, encoded, *last, inbox, messages, &blocks[i]));
		log_mark(LOG_BLOCK_END);
		*last = &blocks[i].header;
	}
	return inbox_end(inbox);
}

static status hash_of_diff(struct state *state, const struct header *last, struct arena *arena, struct bytes32 *hash)
{
	const struct account_change *changes;
	size_t count;
	struct slice diff;
	TRY(state_changes(state, &changes, &count));
	TRY(state_diff_encode(last->encoded, changes, count, arena, &diff));
	log_record(LOG_STATE_DIFF, diff);
	keccak256(diff.data, diff.length, hash->bytes);
	return STATUS_OK;
}

/*
 * The last block's parent and transactions, by which it depends on every byte of all transactions of the batch: whoever signs one does
 * not know it yet. (The state root would not do: a transaction that only reads changes nothing of it but by its gas, so that its
 * author can foresee it and then choose what to read.) Whether they are true does not matter here.
 */
static status seed_of(const struct prover_input *input, struct bytes32 seed[2])
{
	struct rlp_reader blocks = input->blocks;
	struct rlp_reader parts, header;
	struct slice last = {0};
	while (!rlp_at_end(&blocks))
		TRY(rlp_string(&blocks, &last));
	TRY(rlp_only_list(last, &parts));
	TRY(rlp_list(&parts, &header));
	TRY(rlp_bytes32(&header, &seed[0]));
	for (int skipped = HEADER_OMMERS_HASH; skipped <= HEADER_STATE_ROOT; skipped++)
		TRY(rlp_skip(&header));
	return rlp_bytes32(&header, &seed[1]);
}

static status start(struct executor *executor, const struct prover_input *input, struct witness *witness, struct arena *scratch)
{
	struct arena *arena = executor->arena;
	struct bytes32 seed[2];
	size_t share = arena->size / scratch_share;
	void *memory = arena_take(arena, share);
	if (memory == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	arena_init(scratch, memory, share);
	TRY(witness_table_init(&witness->nodes, arena, input->nodes));
	TRY(witness_table_init(&witness->codes, arena, input->codes));
	TRY(seed_of(input, seed));
	TRY(state_new(arena, witness, &input->state_root_before, slice_of(seed[0].bytes, sizeof seed), &executor->state));
	executor->evm = evm_new(executor->state, arena, scratch);
	return executor->evm == NULL ? FAIL(STATUS_OUT_OF_MEMORY) : STATUS_OK;
}

static status execute_batch(struct slice bytes, struct arena *arena, struct bytes32 *digest)
{
	struct prover_input input;
	struct witness witness;
	struct arena scratch;
	struct header parent;
	struct block blocks[2];
	const struct header *last;
	struct inbox inbox;
	struct messages messages;
	TRY(prover_input_read(bytes, &input));
	struct u256 known_version = u256_from_u64(rules_version);
	if (!u256_equal(&input.rules_version, &known_version))
		return FAIL(STATUS_BATCH);
	struct chain_rules rules = {.fork = FORK_OSAKA, .chain_id = input.l2_chain_id, .pinned_gas_limit = block_gas_limit};
	struct executor executor = {.rules = &rules, .arena = arena};
	TRY(header_read(input.parent_header, rules.fork, &parent));
	TRY(inbox_init(&inbox, input.inbox_count_before, input.frontier, input.items));
	messages_init(&messages);
	struct public_inputs outputs = {
		.l1_chain_id = input.l1_chain_id,
		.rollup = input.rollup,
		.l2_chain_id = u256_from_u64(input.l2_chain_id),
		.rules_version = input.rules_version,
		.batch_number = u256_from_u64(input.batch_number),
		.parent_block_hash = parent.hash,
		.state_root_before = input.state_root_before,
		.inbox_count_before = u256_from_u64(inbox.count),
	};
	TRY(start(&executor, &input, &witness, &scratch));
	TRY(execute_blocks(&executor, &input, &inbox, &messages, &parent, blocks, &last));
	outputs.last_block_hash = last->hash;
	outputs.state_root_after = last->state_root;
	/* No overflow: there is a block after the parent. */
	outputs.first_block_number = u256_from_u64(parent.number + 1);
	outputs.last_block_number = u256_from_u64(last->number);
	outputs.last_timestamp = u256_from_u64(last->timestamp);
	outputs.inbox_root_before = inbox.root_before;
	outputs.inbox_count_after = u256_from_u64(inbox.count);
	outputs.inbox_root_after = inbox.root;
	messages_root(&messages, &outputs.messages_root);
	TRY(hash_of_diff(executor.state, last, arena, &outputs.state_diff_hash));
	public_inputs_digest(&outputs, digest);
	return STATUS_OK;
}

static void log_failure(const struct failure *failure)
{
	uint32_t numbers[3] = {failure->code, failure->detail, failure->line};
	size_t length = 0;
	while (failure->file[length] != 0)
		length++;
	log_parts(LOG_FAILURE, slice_of((const uint8_t *)numbers, sizeof numbers), slice_of((const uint8_t *)failure->file, length));
}

status batch_digest(struct slice bytes, struct arena *arena, struct bytes32 *digest)
{
	status result = execute_batch(bytes, arena, digest);
	const struct failure *failure = failure_first();
	if (failure != NULL)
		log_failure(failure);
	return result;
}
