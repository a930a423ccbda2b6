#include "crypto/keccak.h"
#include "eth/state_internal.h"
#include "eth/witness.h"

/* What the EVM does with the state. Each change puts what it replaces into the journal first. */

bool account_is_empty(const struct account *account)
{
	return account->nonce == 0 && u256_is_zero(&account->balance) && account->code == &state_no_code;
}

void state_note_change(struct state *state, struct account *account)
{
	if (account->is_pending)
		return;
	account->is_pending = true;
	account->next_pending = state->pending;
	state->pending = account;
}

status state_exists(struct state *state, const struct address *address, bool *exists)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	*exists = account->is_in_trie || !account_is_empty(account);
	return STATUS_OK;
}

status state_is_empty(struct state *state, const struct address *address, bool *is_empty)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	*is_empty = account_is_empty(account);
	return STATUS_OK;
}

status state_balance(struct state *state, const struct address *address, struct u256 *balance)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	*balance = account->balance;
	return STATUS_OK;
}

static status set_balance(struct state *state, struct account *account, const struct u256 *balance)
{
	TRY(journal_push(state, (struct journal_entry){.kind = JOURNAL_BALANCE, .of.account = account, .old.word = account->balance}));
	account->balance = *balance;
	return STATUS_OK;
}

status state_add_balance(struct state *state, const struct address *address, const struct u256 *amount)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	/* Also an amount of zero touches the account, so that an empty one disappears (EIP-161). */
	state_note_change(state, account);
	if (u256_is_zero(amount))
		return STATUS_OK;
	/* As in geth, 2^256 Wei are none: only a devnet's cheats make a balance that a fee, SELFDESTRUCT or deposit lifts so high. */
	struct u256 sum;
	u256_add(&sum, &account->balance, amount);
	return set_balance(state, account, &sum);
}

status state_sub_balance(struct state *state, const struct address *address, const struct u256 *amount, bool *enough)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	struct u256 rest;
	*enough = !u256_sub(&rest, &account->balance, amount);
	if (!*enough || u256_is_zero(amount))
		return STATUS_OK;
	state_note_change(state, account);
	return set_balance(state, account, &rest);
}

status state_nonce(struct state *state, const struct address *address, uint64_t *nonce)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	*nonce = account->nonce;
	return STATUS_OK;
}

static status set_nonce(struct state *state, struct account *account, uint64_t nonce)
{
	TRY(journal_push(state, (struct journal_entry){.kind = JOURNAL_NONCE, .of.account = account, .old.number = account->nonce}));
	state_note_change(state, account);
	account->nonce = nonce;
	return STATUS_OK;
}

status state_set_nonce(struct state *state, const struct address *address, uint64_t nonce)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	return set_nonce(state, account, nonce);
}

status state_code(struct state *state, const struct address *address, struct slice *bytes)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	struct code *code = account->code;
	if (code != &state_no_code && !code->is_loaded) {
		TRY(witness_code(state->witness, &code->hash, &code->bytes));
		code->is_loaded = true;
	}
	*bytes = code->bytes;
	return STATUS_OK;
}

status state_code_hash(struct state *state, const struct address *address, struct bytes32 *hash)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	*hash = account->code->hash;
	return STATUS_OK;
}

status state_set_code(struct state *state, const struct address *address, struct slice bytes)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	struct code *code = &state_no_code;
	if (bytes.length > 0) {
		code = arena_take(state->arena, sizeof *code);
		uint8_t *copy = arena_take(state->arena, bytes.length);
		if (code == NULL || copy == NULL)
			return FAIL(STATUS_OUT_OF_MEMORY);
		memcpy(copy, bytes.data, bytes.length);
		*code = (struct code){.bytes = slice_of(copy, bytes.length), .is_loaded = true};
		keccak256(copy, bytes.length, code->hash.bytes);
	}
	TRY(journal_push(state, (struct journal_entry){.kind = JOURNAL_CODE, .of.account = account, .old.code = account->code}));
	state_note_change(state, account);
	account->code = code;
	return STATUS_OK;
}

status state_storage(struct state *state, const struct address *address, const struct u256 *key, struct u256 *value)
{
	struct slot *slot;
	TRY(state_load_slot(state, address, key, &slot));
	*value = slot->value;
	return STATUS_OK;
}

status state_original_storage(struct state *state, const struct address *address, const struct u256 *key, struct u256 *value)
{
	struct slot *slot;
	TRY(state_load_slot(state, address, key, &slot));
	*value = slot->original_in == state->transaction ? slot->original : slot->value;
	return STATUS_OK;
}

static void note_dirty(struct slot *slot)
{
	struct account *account = slot->account;
	if (!slot->is_listed) {
		slot->is_listed = true;
		slot->next = account->slots;
		account->slots = slot;
	}
	if (!slot->is_dirty) {
		slot->is_dirty = true;
		slot->next_dirty = account->dirty;
		account->dirty = slot;
	}
}

static status set_slot(struct state *state, struct slot *slot, const struct u256 *value)
{
	TRY(journal_push(state, (struct journal_entry){.kind = JOURNAL_SLOT, .of.slot = slot, .old.word = slot->value}));
	slot->value = *value;
	return STATUS_OK;
}

status state_set_storage(struct state *state, const struct address *address, const struct u256 *key, const struct u256 *value)
{
	struct slot *slot;
	TRY(state_load_slot(state, address, key, &slot));
	if (slot->original_in != state->transaction) {
		slot->original_in = state->transaction;
		slot->original = slot->value;
	}
	note_dirty(slot);
	state_note_change(state, slot->account);
	return set_slot(state, slot, value);
}

status state_warm_address(struct state *state, const struct address *address, bool *was_cold)
{
	struct account *account;
	TRY(state_find_account(state, address, &account));
	*was_cold = account->warm_in != state->transaction;
	if (!*was_cold)
		return STATUS_OK;
	TRY(journal_push(state, (struct journal_entry){.kind = JOURNAL_WARM_ADDRESS, .of.account = account}));
	account->warm_in = state->transaction;
	return STATUS_OK;
}

status state_warm_slot(struct state *state, const struct address *address, const struct u256 *key, bool *was_cold)
{
	struct slot *slot;
	TRY(state_find_slot(state, address, key, &slot));
	*was_cold = slot->warm_in != state->transaction;
	if (!*was_cold)
		return STATUS_OK;
	TRY(journal_push(state, (struct journal_entry){.kind = JOURNAL_WARM_SLOT, .of.slot = slot}));
	slot->warm_in = state->transaction;
	return STATUS_OK;
}

status state_has_collision(struct state *state, const struct address *address, bool *collides)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	*collides = account->nonce != 0 || account->code != &state_no_code || !trie_is_empty(&account->storage);
	return STATUS_OK;
}

status state_create_contract(struct state *state, const struct address *address)
{
	struct account *account;
	TRY(state_load_account(state, address, &account));
	TRY(journal_push(state, (struct journal_entry){.kind = JOURNAL_CREATED, .of.account = account}));
	account->created_in = state->transaction;
	return set_nonce(state, account, 1);
}

status state_created_in_transaction(struct state *state, const struct address *address, bool *created)
{
	struct account *account;
	TRY(state_find_account(state, address, &account));
	*created = account->created_in == state->transaction;
	return STATUS_OK;
}

status state_mark_selfdestruct(struct state *state, const struct address *address)
{
	struct account *account;
	TRY(state_find_account(state, address, &account));
	if (account->created_in != state->transaction || account->destroyed_in == state->transaction)
		return STATUS_OK;
	void *items = state->destroyed;
	TRY(state_grow(state, &items, &state->destroyed_size, state->destroyed_count, sizeof(struct account *)));
	state->destroyed = items;
	TRY(journal_push(state, (struct journal_entry){.kind = JOURNAL_DESTROYED, .of.account = account}));
	account->destroyed_in = state->transaction;
	state->destroyed[state->destroyed_count++] = account;
	return STATUS_OK;
}

status state_log(struct state *state, const struct address *address, const struct bytes32 *topics, size_t topic_count, struct slice data)
{
	if (topic_count > state_max_topics)
		return FAIL(STATUS_INTERNAL);
	void *items = state->logs;
	TRY(state_grow(state, &items, &state->log_size, state->log_count, sizeof *state->logs));
	state->logs = items;
	struct bytes32 *topics_copy = arena_take_array(state->arena, topic_count, sizeof *topics);
	uint8_t *data_copy = arena_take(state->arena, data.length);
	if (topics_copy == NULL || data_copy == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	bytes_copy(topics_copy, topics, topic_count * sizeof *topics);
	bytes_copy(data_copy, data.data, data.length);
	TRY(journal_push(state, (struct journal_entry){.kind = JOURNAL_LOG}));
	state->logs[state->log_count++] = (struct log){
		.address = *address,
		.topic_count = (uint32_t)topic_count,
		.topics = topics_copy,
		.data = slice_of(data_copy, data.length),
	};
	return STATUS_OK;
}

void state_add_refund(struct state *state, int64_t amount)
{
	if (amount == 0)
		return;
	/* Running out of memory sticks in failure_first(), which main asks before it publishes a digest. */
	status pushed = journal_push(state, (struct journal_entry){.kind = JOURNAL_REFUND, .old.refund = state->refund});
	if (pushed == STATUS_OK)
		state->refund += amount;
}

int64_t state_refund(const struct state *state)
{
	return state->refund;
}

/* EIP-2935. Without its contract, all its slots are zero. */
static const struct address history_storage = {
	{0x00, 0x00, 0xf9, 0x08, 0x27, 0xf1, 0xc5, 0x3a, 0x10, 0xcb, 0x7a, 0x02, 0x33, 0x5b, 0x17, 0x53, 0x20, 0x00, 0x29, 0x35}};

enum { history_window = 8191, block_hash_window = 256 };

status state_block_hash(struct state *state, uint64_t current_number, uint64_t number, struct bytes32 *hash)
{
	*hash = (struct bytes32){{0}};
	if (number >= current_number || current_number - number > block_hash_window)
		return STATUS_OK;
	if (state->ancestors != NULL) {
		if (number < state->first_ancestor || number - state->first_ancestor >= state->ancestor_count)
			return FAIL(STATUS_BATCH);
		*hash = state->ancestors[number - state->first_ancestor];
		return STATUS_OK;
	}
	struct u256 key = u256_from_u64(number % history_window);
	struct u256 value;
	TRY(state_storage(state, &history_storage, &key, &value));
	u256_to_bytes(&value, hash->bytes);
	return STATUS_OK;
}
