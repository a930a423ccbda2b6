#include "crypto/keccak.h"
#include "eth/rlp.h"
#include "eth/witness.h"
#include "eth/world.h"
#include "evm/evm.h"
#include "shared/rlp-mutator.h"

/*
 * Input: [ [ account* ], [ message* ] ], an account being [ address, nonce, balance, code, [ [ key, value ]* ] ] and a message
 * [ to (empty: a creation), value, gas, input ]. Addresses and words may be short. Each message is a transaction of the same block.
 */

enum { lasting_bytes = 1 << 26, scratch_bytes = 1 << 27, max_gas = 1000000, max_messages = 6, max_accounts = 16 };

static const struct address sender = {{0x5e, 0xde}};
static const struct address coinbase = {{0xc0, 0x1b}};

static status short_address(struct rlp_reader *fields, struct address *address)
{
	struct slice bytes;
	TRY(rlp_string(fields, &bytes));
	size_t length = bytes.length < sizeof address->bytes ? bytes.length : sizeof address->bytes;
	*address = (struct address){{0}};
	bytes_copy(address->bytes + sizeof address->bytes - length, bytes.data, length);
	return STATUS_OK;
}

static status short_word(struct rlp_reader *fields, struct u256 *word)
{
	struct slice bytes;
	TRY(rlp_string(fields, &bytes));
	u256_from_short_bytes(word, bytes.data, bytes.length < 32 ? bytes.length : 32);
	return STATUS_OK;
}

static status set_account(struct state *state, struct rlp_reader fields)
{
	struct address address;
	struct u256 nonce, balance;
	struct slice code;
	struct rlp_reader slots;
	TRY(short_address(&fields, &address));
	TRY(short_word(&fields, &nonce));
	TRY(short_word(&fields, &balance));
	TRY(rlp_string(&fields, &code));
	TRY(rlp_list(&fields, &slots));
	/* Sums stay below 2^256, as they do where ether has a source. */
	balance.limb[7] = 0;
	TRY(state_set_nonce(state, &address, u256_low_u64(&nonce)));
	TRY(state_add_balance(state, &address, &balance));
	TRY(state_set_code(state, &address, code));
	while (!rlp_at_end(&slots)) {
		struct rlp_reader slot;
		struct u256 key, value;
		TRY(rlp_list(&slots, &slot));
		TRY(short_word(&slot, &key));
		TRY(short_word(&slot, &value));
		TRY(state_set_storage(state, &address, &key, &value));
	}
	return STATUS_OK;
}

static status set_state(struct state *state, struct rlp_reader accounts)
{
	static const struct u256 wealth = {{0, 0, 0, 1}};
	struct bytes32 root;
	state_begin_transaction(state);
	TRY(state_add_balance(state, &sender, &wealth));
	for (int i = 0; i < max_accounts && !rlp_at_end(&accounts); i++) {
		struct rlp_reader account;
		TRY(rlp_list(&accounts, &account));
		TRY(set_account(state, account));
	}
	TRY(state_end_transaction(state));
	return state_commit(state, &root);
}

static struct u256 ether_in(struct state *state)
{
	const struct account_change *changes;
	struct u256 sum = u256_zero;
	size_t count;
	REQUIRE(state_changes(state, &changes, &count) == STATUS_OK);
	for (size_t i = 0; i < count; i++)
		if (changes[i].exists)
			REQUIRE(!u256_add(&sum, &sum, &changes[i].balance));
	return sum;
}

static status send(struct evm *evm, struct state *state, struct rlp_reader fields)
{
	struct rlp_reader probe = fields;
	struct slice to;
	struct u256 gas;
	struct evm_message message = {.sender = sender};
	struct evm_result result;
	bool ignored, enough;
	uint64_t nonce;
	TRY(rlp_string(&probe, &to));
	TRY(short_address(&fields, &message.to));
	TRY(short_word(&fields, &message.value));
	TRY(short_word(&fields, &gas));
	TRY(rlp_string(&fields, &message.input));
	message.gas = u256_saturated_u64(&gas) % max_gas;
	message.kind = to.length == 0 ? EVM_CREATE : EVM_CALL;
	message.value.limb[7] = 0;

	state_begin_transaction(state);
	TRY(state_nonce(state, &sender, &nonce));
	if (message.kind == EVM_CREATE)
		evm_create_address(&message.to, &sender, nonce);
	TRY(state_set_nonce(state, &sender, nonce + 1));
	TRY(state_warm_address(state, &sender, &ignored));
	TRY(state_warm_address(state, &message.to, &ignored));
	TRY(state_warm_address(state, &coinbase, &ignored));
	TRY(state_sub_balance(state, &sender, &message.value, &enough));
	if (!enough)
		message.value = u256_zero;
	else
		TRY(state_add_balance(state, &sender, &message.value));
	state_snapshot_id before = state_snapshot(state);
	struct evm_transaction transaction = {.origin = sender, .gas_price = u256_from_u64(9)};
	evm_begin_transaction(evm, &transaction);
	TRY(evm_execute(evm, &message, &result));
	REQUIRE(result.gas_left <= message.gas);
	uint8_t hash[32];
	keccak256(result.output.data, result.output.length, hash);
	if (result.outcome != EVM_SUCCESS) {
		size_t logs;
		(void)state_logs(state, &logs);
		/* What stays is that the target of a delegation became warm. */
		REQUIRE(logs == 0 && state_refund(state) == 0 && state_snapshot(state) <= before + 1);
	}
	return state_end_transaction(state);
}

static status run(struct slice input, struct arena *lasting, struct arena *scratch)
{
	static const uint8_t no_node[] = {0x80};
	struct rlp_reader parts, accounts, messages;
	struct witness witness = {0};
	struct state *state;
	struct bytes32 root, again;
	TRY(rlp_only_list(input, &parts));
	TRY(rlp_list(&parts, &accounts));
	TRY(rlp_list(&parts, &messages));
	keccak256(no_node, sizeof no_node, root.bytes);
	TRY(state_new(lasting, &witness, &root, slice_of(root.bytes, sizeof root.bytes), &state));
	TRY(set_state(state, accounts));
	struct u256 before = ether_in(state);
	struct evm *evm = evm_new(state, lasting, scratch);
	REQUIRE(evm != NULL);
	struct evm_block block = {
		.fork = FORK_OSAKA, .number = 1000, .timestamp = 1700000000, .gas_limit = 30000000, .chain_id = 313372, .coinbase = coinbase, .base_fee = u256_from_u64(7)};
	evm_begin_block(evm, &block);
	for (int i = 0; i < max_messages && !rlp_at_end(&messages); i++) {
		struct rlp_reader message;
		TRY(rlp_list(&messages, &message));
		status result = send(evm, state, message);
		/* Precompiles that are not built in end the run. */
		if (result != STATUS_OK)
			return result;
	}
	TRY(state_commit(state, &root));
	TRY(state_commit(state, &again));
	REQUIRE(bytes32_equal(&root, &again));
	struct u256 after = ether_in(state);
	REQUIRE(u256_compare(&after, &before) <= 0);
	return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void *memory;
	struct arena lasting, scratch;
	if (memory == NULL)
		memory = malloc(scratch_bytes);
	fuzz_arena(&lasting, lasting_bytes);
	arena_init(&scratch, memory, scratch_bytes);
	status result = run(slice_of(data, size), &lasting, &scratch);
	/* All of the state is there, so no run lacks a node; and a million gas fills no memory. */
	REQUIRE(result == STATUS_OK || result == STATUS_RLP);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	return rlp_mutate(data, size, max_size, seed);
}
