#include "eth/block.h"

#include "crypto/keccak.h"
#include "eth/blobs.h"
#include "eth/receipt.h"
#include "eth/trie.h"
#include "platform/log.h"

/* EIP-7934. */
enum { max_block_bytes = 8 << 20 };

status block_read(struct slice encoded, enum fork fork, struct block *block)
{
	struct rlp_reader parts, ommers;
	struct slice header;
	if (fork >= FORK_OSAKA && encoded.length > max_block_bytes)
		return FAIL(STATUS_BODY);
	TRY(rlp_only_list(encoded, &parts));
	TRY(rlp_item(&parts, &header));
	TRY(rlp_list(&parts, &block->transactions));
	TRY(rlp_list(&parts, &ommers));
	TRY(rlp_list(&parts, &block->withdrawals));
	TRY(rlp_end(&parts));
	if (!rlp_at_end(&ommers))
		return FAIL(STATUS_BODY);
	TRY(rlp_count(block->transactions, &block->transaction_count));
	TRY(rlp_count(block->withdrawals, &block->withdrawal_count));
	return header_read(header, fork, &block->header);
}

status withdrawal_read(struct rlp_reader *withdrawals, struct withdrawal *withdrawal)
{
	struct rlp_reader fields;
	TRY(rlp_item(withdrawals, &withdrawal->encoded));
	TRY(rlp_only_list(withdrawal->encoded, &fields));
	TRY(rlp_uint64(&fields, &withdrawal->index));
	TRY(rlp_uint64(&fields, &withdrawal->validator_index));
	TRY(rlp_address(&fields, &withdrawal->address));
	TRY(rlp_uint64(&fields, &withdrawal->amount));
	return rlp_end(&fields);
}

/* A typed transaction is the content of a string, a legacy one the list itself. */
static status next_transaction(struct rlp_reader *transactions, struct slice *encoded)
{
	if (rlp_next_is_list(transactions))
		return rlp_item(transactions, encoded);
	TRY(rlp_string(transactions, encoded));
	return encoded->length > 0 && encoded->data[0] < 0x80 ? STATUS_OK : FAIL(STATUS_BODY);
}

static const struct address beacon_roots = {
	{0x00, 0x0f, 0x3d, 0xf6, 0xd7, 0x32, 0x80, 0x7e, 0xf1, 0x31, 0x9f, 0xb7, 0xb8, 0xbb, 0x85, 0x22, 0xd0, 0xbe, 0xac, 0x02}};
static const struct address history_storage = {
	{0x00, 0x00, 0xf9, 0x08, 0x27, 0xf1, 0xc5, 0x3a, 0x10, 0xcb, 0x7a, 0x02, 0x33, 0x5b, 0x17, 0x53, 0x20, 0x00, 0x29, 0x35}};
enum { ring_slots = 8191 };

static status has_code(struct state *state, const struct address *address, bool *has)
{
	struct bytes32 hash;
	TRY(state_code_hash(state, address, &hash));
	*has = !bytes32_equal(&hash, &keccak256_of_nothing);
	return STATUS_OK;
}

static status set_slot(struct state *state, const struct address *address, uint64_t slot, const struct u256 *value)
{
	struct u256 key = u256_from_u64(slot);
	return state_set_storage(state, address, &key, value);
}

/*
 * What the system contracts of EIP-4788 and EIP-2935 do when they are called at the start of a block, written to their storage
 * directly. Without code at the address a call does nothing.
 */
static status system_calls(struct state *state, const struct chain_rules *rules, const struct header *header)
{
	struct u256 value;
	bool has;
	state_begin_transaction(state);
	TRY(has_code(state, &beacon_roots, &has));
	if (has) {
		uint64_t slot = header->timestamp % ring_slots;
		value = u256_from_u64(header->timestamp);
		TRY(set_slot(state, &beacon_roots, slot, &value));
		u256_from_bytes(&value, header->parent_beacon_block_root.bytes);
		TRY(set_slot(state, &beacon_roots, slot + ring_slots, &value));
	}
	if (rules->fork < FORK_PRAGUE)
		return STATUS_OK;
	TRY(has_code(state, &history_storage, &has));
	if (!has)
		return STATUS_OK;
	u256_from_bytes(&value, header->parent_hash.bytes);
	return set_slot(state, &history_storage, (header->number - 1) % ring_slots, &value);
}

/* EIP-4895: after the transactions; the amounts make ether. */
static status credit_withdrawals(struct executor *executor, const struct block *block, struct slice *encoded)
{
	static const struct u256 wei_per_gwei = {{1000000000, 0, 0, 0, 0, 0, 0, 0}};
	struct rlp_reader rest = block->withdrawals;
	state_begin_transaction(executor->state);
	for (size_t i = 0; i < block->withdrawal_count; i++) {
		struct withdrawal withdrawal;
		TRY(withdrawal_read(&rest, &withdrawal));
		encoded[i] = withdrawal.encoded;
		struct u256 amount = u256_from_u64(withdrawal.amount);
		u256_mul(&amount, &amount, &wei_per_gwei);
		TRY(state_add_balance(executor->state, &withdrawal.address, &amount));
	}
	return STATUS_OK;
}

struct progress {
	size_t transaction_count;
	uint64_t gas_used;
	uint64_t blob_count;
	uint8_t bloom[bloom_bytes];
	struct slice *transactions;
	struct slice *receipts;
	struct slice *withdrawals;
};

static status execute_next(struct executor *executor, const struct evm_block *environment, struct rlp_reader *rest, struct progress *progress,
                           size_t index, const struct log_visitor *visitor)
{
	struct transaction tx;
	struct transaction_outcome outcome;
	TRY(next_transaction(rest, &progress->transactions[index]));
	TRY(transaction_read(progress->transactions[index], executor->rules, executor->arena, &tx));
	TRY(execute_transaction(executor, environment, &tx, environment->gas_limit - progress->gas_used, &outcome));
	/* No overflow: what is used is within the limit, which was within what the block had left. */
	progress->gas_used += outcome.gas_used;
	progress->blob_count += tx.blob_count;
	if (progress->blob_count > blobs_per_block(executor->rules->fork))
		return FAIL_WITH(STATUS_TRANSACTION, TX_FAULT_BLOBS);
	struct receipt receipt = {.type = (uint8_t)tx.type, .succeeded = outcome.succeeded, .cumulative_gas = progress->gas_used};
	receipt.logs = state_logs(executor->state, &receipt.log_count);
	TRY(receipt_encode(&receipt, executor->arena, progress->bloom, &progress->receipts[index]));
	progress->transaction_count++;
	return visitor == NULL ? STATUS_OK : visitor->visit(visitor->context, receipt.logs, receipt.log_count);
}

static status mismatch(status code, enum header_field field, const void *computed, size_t length)
{
	header_log_mismatch(field, computed, length);
	return FAIL(code);
}

static status check_root(const struct bytes32 *root, const struct bytes32 *claimed, status code, enum header_field field)
{
	return bytes32_equal(root, claimed) ? STATUS_OK : mismatch(code, field, root->bytes, sizeof root->bytes);
}

static status check_list(struct arena *arena, const struct slice *items, size_t count, const struct bytes32 *claimed, status code,
                         enum header_field field)
{
	struct bytes32 root;
	TRY(trie_ordered_root(arena, items, count, &root));
	return check_root(&root, claimed, code, field);
}

/* What only execution tells. */
static status check_results(struct executor *executor, const struct block *block, const struct progress *progress)
{
	const struct header *header = &block->header;
	struct bytes32 state_root;
	if (progress->gas_used != header->gas_used)
		return mismatch(STATUS_GAS_USED, HEADER_GAS_USED, &progress->gas_used, sizeof progress->gas_used);
	if (progress->blob_count * gas_per_blob != header->blob_gas_used)
		return FAIL_WITH(STATUS_HEADER, HEADER_BLOB_GAS_USED);
	if (!bytes_equal(progress->bloom, header->logs_bloom, bloom_bytes))
		return mismatch(STATUS_LOGS_BLOOM, HEADER_LOGS_BLOOM, progress->bloom, bloom_bytes);
	struct arena *arena = executor->arena;
	TRY(check_list(arena, progress->transactions, block->transaction_count, &header->transactions_root, STATUS_TRANSACTIONS_ROOT,
	               HEADER_TRANSACTIONS_ROOT));
	TRY(check_list(arena, progress->receipts, block->transaction_count, &header->receipts_root, STATUS_RECEIPTS_ROOT, HEADER_RECEIPTS_ROOT));
	TRY(check_list(arena, progress->withdrawals, block->withdrawal_count, &header->withdrawals_root, STATUS_WITHDRAWALS_ROOT,
	               HEADER_WITHDRAWALS_ROOT));
	TRY(state_commit(executor->state, &state_root));
	return check_root(&state_root, &header->state_root, STATUS_STATE_ROOT, HEADER_STATE_ROOT);
}

/* All transactions, then what only they tell. */
static status execute_body(struct executor *executor, const struct block *block, const struct evm_block *environment,
                           struct progress *progress, const struct log_visitor *visitor)
{
	struct rlp_reader rest = block->transactions;
	for (size_t i = 0; i < block->transaction_count; i++) {
		log_mark(LOG_TRANSACTION);
		TRY(execute_next(executor, environment, &rest, progress, i, visitor));
		log_mark(LOG_TRANSACTION_END);
	}
	TRY(credit_withdrawals(executor, block, progress->withdrawals));
	return check_results(executor, block, progress);
}

status block_execute(struct executor *executor, const struct block *block, const struct header *parent, const struct log_visitor *visitor)
{
	const struct header *header = &block->header;
	TRY(header_check(header, parent, executor->rules));
	struct progress progress = {
		.transactions = arena_take_array(executor->arena, block->transaction_count, sizeof *progress.transactions),
		.receipts = arena_take_array(executor->arena, block->transaction_count, sizeof *progress.receipts),
		.withdrawals = arena_take_array(executor->arena, block->withdrawal_count, sizeof *progress.withdrawals),
	};
	if (progress.transactions == NULL || progress.receipts == NULL || progress.withdrawals == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	struct evm_block environment = {
		.fork = executor->rules->fork,
		.number = header->number,
		.timestamp = header->timestamp,
		.gas_limit = header->gas_limit,
		.chain_id = executor->rules->chain_id,
		.coinbase = header->coinbase,
		.prev_randao = header->prev_randao,
		.base_fee = header->base_fee,
	};
	if (!blob_base_fee(executor->rules->fork, header->excess_blob_gas, &environment.blob_base_fee))
		return FAIL_WITH(STATUS_HEADER, HEADER_EXCESS_BLOB_GAS);
	TRY(system_calls(executor->state, executor->rules, header));
	evm_begin_block(executor->evm, &environment);
	status result = execute_body(executor, block, &environment, &progress, visitor);
	for (size_t i = 0; result != STATUS_OK && i < progress.transaction_count; i++)
		log_record(LOG_RECEIPT, progress.receipts[i]);
	return result;
}
