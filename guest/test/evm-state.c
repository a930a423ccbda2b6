#include "answer.h"
#include "crypto/keccak.h"
#include "eth/blobs.h"
#include "eth/execution.h"
#include "eth/header.h"
#include "eth/rlp.h"
#include "eth/witness.h"

/*
 * Input: a list of cases [ fork, has blobs, block, [ account* ], first ancestor, [ ancestor's hash* ], transaction ], a block being
 * [ number, timestamp, gas limit, chain id, coinbase, prevrandao, base fee, excess blob gas ], an account
 * [ address, nonce, balance, code, [ [ key, value ]* ] ]. Prints per case, in a line: status, its detail, whether the transaction
 * succeeded, the gas it used, the state root afterwards, the hash of the logs' RLP. A transaction that is not valid changes nothing.
 */

enum { max_logs = 1 << 24, scratch_share = 2 };

#ifndef __riscv
#include <stdlib.h>

/* 1024 frames of a megabyte: what official tests take. Most of it is never touched. */
static const size_t host_scratch_size = (size_t)3 << 29;
#endif

struct test_case {
	struct chain_rules rules;
	struct evm_block block;
	struct rlp_reader accounts;
	struct rlp_reader ancestors;
	uint64_t first_ancestor;
	struct slice transaction;
};

static status read_block(struct rlp_reader *fields, struct test_case *test)
{
	struct evm_block *block = &test->block;
	TRY(rlp_uint64(fields, &block->number));
	TRY(rlp_uint64(fields, &block->timestamp));
	TRY(rlp_uint64(fields, &block->gas_limit));
	TRY(rlp_uint64(fields, &block->chain_id));
	TRY(rlp_address(fields, &block->coinbase));
	TRY(rlp_bytes32(fields, &block->prev_randao));
	TRY(rlp_u256(fields, &block->base_fee));
	uint64_t excess;
	TRY(rlp_uint64(fields, &excess));
	if (!blob_base_fee(test->rules.fork, excess, &block->blob_base_fee))
		return FAIL_WITH(STATUS_HEADER, HEADER_EXCESS_BLOB_GAS);
	block->fork = test->rules.fork;
	test->rules.chain_id = block->chain_id;
	return rlp_end(fields);
}

static status read_case(struct rlp_reader *fields, struct test_case *test)
{
	uint64_t fork, has_blobs;
	struct rlp_reader block;
	TRY(rlp_uint64(fields, &fork));
	TRY(rlp_uint64(fields, &has_blobs));
	test->rules = (struct chain_rules){.fork = (enum fork)fork, .has_blobs = has_blobs != 0};
	TRY(rlp_list(fields, &block));
	TRY(read_block(&block, test));
	TRY(rlp_list(fields, &test->accounts));
	TRY(rlp_uint64(fields, &test->first_ancestor));
	TRY(rlp_list(fields, &test->ancestors));
	TRY(rlp_string(fields, &test->transaction));
	return rlp_end(fields);
}

static status set_account(struct state *state, struct rlp_reader *fields)
{
	struct address address;
	struct u256 balance;
	struct slice code;
	struct rlp_reader slots;
	uint64_t nonce;
	TRY(rlp_address(fields, &address));
	TRY(rlp_uint64(fields, &nonce));
	TRY(rlp_u256(fields, &balance));
	TRY(rlp_string(fields, &code));
	TRY(rlp_list(fields, &slots));
	TRY(state_add_balance(state, &address, &balance));
	TRY(state_set_nonce(state, &address, nonce));
	if (code.length > 0)
		TRY(state_set_code(state, &address, code));
	while (!rlp_at_end(&slots)) {
		struct rlp_reader slot;
		struct u256 key, value;
		TRY(rlp_list(&slots, &slot));
		TRY(rlp_u256(&slot, &key));
		TRY(rlp_u256(&slot, &value));
		TRY(state_set_storage(state, &address, &key, &value));
	}
	return rlp_end(fields);
}

static status set_state(struct state *state, struct rlp_reader accounts)
{
	struct bytes32 ignored;
	state_begin_transaction(state);
	while (!rlp_at_end(&accounts)) {
		struct rlp_reader account;
		TRY(rlp_list(&accounts, &account));
		TRY(set_account(state, &account));
	}
	TRY(state_end_transaction(state));
	return state_commit(state, &ignored);
}

static status set_ancestors(struct state *state, const struct test_case *test, struct arena *arena)
{
	struct rlp_reader rest = test->ancestors;
	size_t count;
	TRY(rlp_count(rest, &count));
	struct bytes32 *hashes = arena_take_array(arena, count + 1, sizeof *hashes);
	if (hashes == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	for (size_t i = 0; i < count; i++)
		TRY(rlp_bytes32(&rest, &hashes[i]));
	if (count > 0)
		state_set_ancestors(state, hashes, count, test->first_ancestor);
	return STATUS_OK;
}

static status hash_logs(const struct state *state, struct arena *arena, uint8_t hash[32])
{
	size_t count;
	const struct log *logs = state_logs(state, &count);
	size_t mark = arena_mark(arena);
	uint8_t *buffer = arena_take(arena, max_logs);
	if (buffer == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	struct rlp_writer writer = rlp_writer_of(buffer, max_logs);
	const uint8_t *list = rlp_mark(&writer);
	for (size_t i = count; i-- > 0;) {
		const uint8_t *log = rlp_mark(&writer);
		rlp_put_string(&writer, logs[i].data);
		const uint8_t *topics = rlp_mark(&writer);
		for (size_t j = logs[i].topic_count; j-- > 0;)
			rlp_put_bytes(&writer, logs[i].topics[j].bytes, 32);
		rlp_put_list(&writer, topics);
		rlp_put_bytes(&writer, logs[i].address.bytes, 20);
		rlp_put_list(&writer, log);
	}
	rlp_put_list(&writer, list);
	struct slice encoded;
	TRY(rlp_written(&writer, &encoded));
	keccak256(encoded.data, encoded.length, hash);
	arena_release(arena, mark);
	return STATUS_OK;
}

static status execute(const struct test_case *test, struct executor *executor, struct transaction_outcome *outcome)
{
	struct transaction tx;
	TRY(transaction_read(test->transaction, executor->rules, executor->arena, &tx));
	return execute_transaction(executor, &test->block, &tx, test->block.gas_limit, outcome);
}

static status run(struct rlp_reader *fields, struct arena *arena, struct arena *scratch)
{
	static const uint8_t no_logs[] = {0xc0};
	static const uint8_t no_node[] = {0x80};
	struct witness witness = {0};
	struct test_case test;
	struct state *state;
	struct bytes32 root;
	TRY(read_case(fields, &test));
	keccak256(no_node, sizeof no_node, root.bytes);
	TRY(state_new(arena, &witness, &root, slice_of(root.bytes, sizeof root.bytes), &state));
	TRY(set_state(state, test.accounts));
	TRY(set_ancestors(state, &test, arena));

	struct executor executor = {.rules = &test.rules, .arena = arena, .state = state, .evm = evm_new(state, arena, scratch)};
	if (executor.evm == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	evm_begin_block(executor.evm, &test.block);
	struct transaction_outcome outcome = {0};
	struct bytes32 logs;
	size_t mark = arena_mark(arena);
	keccak256(no_logs, sizeof no_logs, logs.bytes);
	status result = execute(&test, &executor, &outcome);
	uint32_t detail = failure_first() == NULL ? 0 : failure_first()->detail;
	failure_reset();
	if (result == STATUS_OK)
		TRY(hash_logs(state, arena, logs.bytes));
	TRY(state_commit(state, &root));
	uint64_t heap = arena_mark(arena) - mark;
	uint64_t numbers[] = {result, detail, outcome.succeeded, outcome.gas_used};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		answer_number(numbers[i]);
		answer_text(" ");
	}
	answer_hex(root.bytes, sizeof root.bytes);
	answer_text(" ");
	answer_hex(logs.bytes, sizeof logs.bytes);
	answer_text(" ");
	answer_number(heap);
	return STATUS_OK;
}

static void take_scratch(struct arena *arena, struct arena *scratch)
{
#ifdef __riscv
	size_t size = arena->size / scratch_share;
	void *memory = arena_take(arena, size);
#else
	size_t size = host_scratch_size;
	void *memory = malloc(size);
	(void)arena;
#endif
	arena_init(scratch, memory, memory == NULL ? 0 : size);
}

int main(void)
{
	struct slice input;
	struct arena arena, scratch;
	struct rlp_reader cases;
	if (platform_input(&input) != STATUS_OK || platform_memory(&arena) != STATUS_OK || rlp_only_list(input, &cases) != STATUS_OK)
		platform_halt(STATUS_INTERNAL);
	take_scratch(&arena, &scratch);
	size_t mark = arena_mark(&arena);
	while (!rlp_at_end(&cases)) {
		struct rlp_reader one;
		status result = rlp_list(&cases, &one);
		if (result == STATUS_OK)
			result = run(&one, &arena, &scratch);
		if (result != STATUS_OK) {
			answer_text("broken");
			answer_failure();
		}
		answer_end_line();
		arena_release(&arena, mark);
	}
#ifndef __riscv
	free(scratch.base);
#endif
	platform_halt(STATUS_OK);
}
