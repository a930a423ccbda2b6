#include "crypto/keccak.h"
#include "eth/account.h"
#include "eth/state_internal.h"

status state_new(struct arena *arena, const struct witness *witness, const struct bytes32 *root, struct slice seed, struct state **result)
{
	struct state *state = arena_take_zeroed(arena, 1, sizeof *state);
	if (state == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	state->arena = arena;
	state->witness = witness;
	state->transaction = 1;
	hash_key_init(&state->hash_key, seed);
	state_no_code = (struct code){.hash = keccak256_of_nothing, .is_loaded = true};
	TRY(trie_init(&state->accounts, arena, witness, root));
	*result = state;
	return STATUS_OK;
}

void state_set_ancestors(struct state *state, const struct bytes32 *hashes, size_t count, uint64_t first)
{
	state->ancestors = hashes;
	state->ancestor_count = count;
	state->first_ancestor = first;
}

void state_begin_transaction(struct state *state)
{
	/* A batch has far less than 2^32 transactions: each takes bytes of input. */
	state->transaction++;
	state->journal_count = 0;
	state->destroyed_count = 0;
	state->log_count = 0;
	state->refund = 0;
	transients_clear(state);
}

/* Slots that nobody wrote have the value of the trie, which is empty where an account comes and goes. */
static void wipe_slots(struct account *account)
{
	for (struct slot *slot = account->dirty; slot != NULL; slot = slot->next_dirty) {
		slot->value = u256_zero;
		slot->is_loaded = true;
	}
}

status state_end_transaction(struct state *state)
{
	for (size_t i = 0; i < state->destroyed_count; i++) {
		struct account *account = state->destroyed[i];
		account->nonce = 0;
		account->balance = u256_zero;
		account->code = &state_no_code;
		wipe_slots(account);
		state_note_change(state, account);
	}
	state->journal_count = 0;
	state->destroyed_count = 0;
	return STATUS_OK;
}

const struct log *state_logs(const struct state *state, size_t *count)
{
	*count = state->log_count;
	return state->logs;
}

static status commit_slot(struct account *account, struct slot *slot)
{
	struct slice key = slot_trie_key(slot);
	if (u256_is_zero(&slot->value)) {
		TRY(trie_delete(&account->storage, key));
	} else {
		uint8_t buffer[slot_max_encoded];
		struct slice encoded;
		TRY(slot_encode(&slot->value, buffer, &encoded));
		TRY(trie_put(&account->storage, key, encoded));
	}
	slot->committed = slot->value;
	return STATUS_OK;
}

static void clear_dirty(struct account *account)
{
	struct slot *next;
	for (struct slot *slot = account->dirty; slot != NULL; slot = next) {
		next = slot->next_dirty;
		slot->is_dirty = false;
		slot->next_dirty = NULL;
	}
	account->dirty = NULL;
}

/*
 * Deletions first: a witness that serves every order of updates need not hold a neighbour that a deletion meets only because
 * something was inserted before (stf/witness.ts).
 */
static status commit_storage(struct account *account)
{
	for (int inserts = 0; inserts < 2; inserts++) {
		for (struct slot *slot = account->dirty; slot != NULL; slot = slot->next_dirty) {
			if (u256_is_zero(&slot->value) == (inserts != 0) || u256_equal(&slot->value, &slot->committed))
				continue;
			TRY(commit_slot(account, slot));
		}
	}
	clear_dirty(account);
	return STATUS_OK;
}

/* Of an account without storage in the trie. */
static void forget_slots(struct account *account)
{
	wipe_slots(account);
	clear_dirty(account);
}

/* Also those that were only read. That an account is deleted with storage happens in official tests alone (EIP-7610). */
static void lose_storage(struct state *state, struct account *account)
{
	const struct pointer_table *table = &state->slot_table;
	account->lost_storage = true;
	for (size_t i = 0; table->places != NULL && i <= table->mask; i++) {
		struct slot *slot = table->places[i];
		if (slot == NULL || slot->account != account)
			continue;
		slot->value = u256_zero;
		slot->committed = u256_zero;
		slot->is_loaded = true;
	}
	trie_init_empty(&account->storage, state->arena);
}

static status delete_account(struct state *state, struct account *account)
{
	TRY(trie_delete(&state->accounts, slice_of(account->trie_key.bytes, sizeof account->trie_key.bytes)));
	account->is_in_trie = false;
	if (!trie_is_empty(&account->storage))
		lose_storage(state, account);
	forget_slots(account);
	return STATUS_OK;
}

static status put_account(struct state *state, struct account *account)
{
	TRY(commit_storage(account));
	struct account_leaf leaf = {.nonce = account->nonce, .balance = account->balance, .code_hash = account->code->hash};
	TRY(trie_root(&account->storage, &leaf.storage_root));
	uint8_t buffer[account_max_encoded];
	struct slice encoded;
	TRY(account_encode(&leaf, buffer, &encoded));
	account->is_in_trie = true;
	return trie_put(&state->accounts, slice_of(account->trie_key.bytes, sizeof account->trie_key.bytes), encoded);
}

status state_commit(struct state *state, struct bytes32 *root)
{
	for (int puts = 0; puts < 2; puts++) {
		for (struct account *account = state->pending; account != NULL; account = account->next_pending) {
			if (account_is_empty(account) == (puts != 0))
				continue;
			if (puts != 0)
				TRY(put_account(state, account));
			else if (account->is_in_trie)
				TRY(delete_account(state, account));
			else
				forget_slots(account);
		}
	}
	struct account *next;
	for (struct account *account = state->pending; account != NULL; account = next) {
		next = account->next_pending;
		account->is_pending = false;
		account->next_pending = NULL;
	}
	state->pending = NULL;
	return trie_root(&state->accounts, root);
}
