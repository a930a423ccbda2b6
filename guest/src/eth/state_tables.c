#include "crypto/keccak.h"
#include "eth/account.h"
#include "eth/state_internal.h"

/* Accounts and slots by their keys. They are found by address and key, never moved, and stay until the end of the batch. */

enum { first_places = 256 };

struct code state_no_code;

enum { address_words = 5, address_words_even = 6 };

uint64_t state_hash_address(const struct state *state, const struct address *address)
{
	uint32_t words[address_words_even] = {0};
	memcpy(words, address->bytes, sizeof address->bytes);
	return keyed_hash_part(&state->hash_key, 0, words, address_words_even);
}

uint64_t state_hash_key(const struct state *state, const struct u256 *key)
{
	return keyed_hash_part(&state->hash_key, address_words_even, key->limb, u256_limbs);
}

uint32_t state_keyed_hash(const struct state *state, const struct bytes32 *bytes)
{
	uint32_t words[u256_limbs];
	memcpy(words, bytes->bytes, sizeof words);
	return keyed_hash_fold(keyed_hash_part(&state->hash_key, 0, words, u256_limbs));
}

static uint32_t hash_of_account(const struct state *state, const void *item)
{
	(void)state;
	return keyed_hash_fold(((const struct account *)item)->hash);
}

static uint32_t hash_of_slot(const struct state *state, const void *item)
{
	const struct slot *slot = item;
	return keyed_hash_fold(slot->account->hash + state_hash_key(state, &slot->key));
}

static void place(struct pointer_table *table, uint32_t hash, void *item)
{
	size_t at = hash & table->mask;
	while (table->places[at] != NULL)
		at = (at + 1) & table->mask;
	table->places[at] = item;
}

/* Room for one more. */
static status table_reserve(struct state *state, struct pointer_table *table, uint32_t (*hash_of)(const struct state *, const void *))
{
	size_t size = table->places == NULL ? 0 : table->mask + 1;
	if (2 * (table->count + 1) <= size)
		return STATUS_OK;
	size_t new_size = size == 0 ? first_places : 2 * size;
	struct pointer_table grown = {
		.places = arena_take_zeroed(state->arena, new_size, sizeof *grown.places),
		.mask = new_size - 1,
		.count = table->count,
	};
	if (grown.places == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	for (size_t i = 0; i < size; i++) {
		if (table->places[i] != NULL)
			place(&grown, hash_of(state, table->places[i]), table->places[i]);
	}
	*table = grown;
	return STATUS_OK;
}

status state_find_account(struct state *state, const struct address *address, struct account **found)
{
	if (state->last_account != NULL && address_equal(&state->last_account->address, address)) {
		*found = state->last_account;
		return STATUS_OK;
	}
	TRY(table_reserve(state, &state->account_table, hash_of_account));
	uint64_t address_hash = state_hash_address(state, address);
	uint32_t hash = keyed_hash_fold(address_hash);
	struct pointer_table *table = &state->account_table;
	for (size_t at = hash & table->mask; table->places[at] != NULL; at = (at + 1) & table->mask) {
		struct account *account = table->places[at];
		if (address_equal(&account->address, address)) {
			*found = state->last_account = account;
			return STATUS_OK;
		}
	}
	struct account *account = arena_take_zeroed(state->arena, 1, sizeof *account);
	if (account == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	account->address = *address;
	account->hash = address_hash;
	account->code = &state_no_code;
	place(table, hash, account);
	table->count++;
	*found = state->last_account = account;
	return STATUS_OK;
}

static status load_code(struct state *state, const struct bytes32 *hash, struct code **code)
{
	if (bytes32_equal(hash, &keccak256_of_nothing))
		return STATUS_OK;
	*code = arena_take_zeroed(state->arena, 1, sizeof **code);
	if (*code == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	(*code)->hash = *hash;
	return STATUS_OK;
}

static status load(struct state *state, struct account *account)
{
	keccak256(account->address.bytes, sizeof account->address.bytes, account->trie_key.bytes);
	struct slice encoded;
	TRY(trie_get(&state->accounts, slice_of(account->trie_key.bytes, sizeof account->trie_key.bytes), &encoded));
	account->is_in_trie = encoded.length > 0;
	if (account->is_in_trie) {
		struct account_leaf leaf;
		TRY(account_decode(encoded, &leaf));
		account->nonce = leaf.nonce;
		account->balance = leaf.balance;
		TRY(load_code(state, &leaf.code_hash, &account->code));
		TRY(trie_init(&account->storage, state->arena, state->witness, &leaf.storage_root));
	} else {
		trie_init_empty(&account->storage, state->arena);
	}
	/* What an earlier block of the batch changed was loaded then, so this is the state before the batch. */
	account->existed_before = account->is_in_trie;
	account->nonce_before = account->nonce;
	account->balance_before = account->balance;
	account->code_hash_before = account->code->hash;
	account->is_loaded = true;
	return STATUS_OK;
}

status state_load_account(struct state *state, const struct address *address, struct account **account)
{
	TRY(state_find_account(state, address, account));
	return (*account)->is_loaded ? STATUS_OK : load(state, *account);
}

status state_find_slot(struct state *state, const struct address *address, const struct u256 *key, struct slot **found)
{
	struct account *account;
	TRY(state_find_account(state, address, &account));
	struct slot *last = state->last_slot;
	if (last != NULL && last->account == account && u256_equal(&last->key, key)) {
		*found = last;
		return STATUS_OK;
	}
	TRY(table_reserve(state, &state->slot_table, hash_of_slot));
	uint32_t hash = keyed_hash_fold(account->hash + state_hash_key(state, key));
	struct pointer_table *table = &state->slot_table;
	for (size_t at = hash & table->mask; table->places[at] != NULL; at = (at + 1) & table->mask) {
		struct slot *slot = table->places[at];
		if (slot->account == account && u256_equal(&slot->key, key)) {
			*found = state->last_slot = slot;
			return STATUS_OK;
		}
	}
	struct slot *slot = arena_take_zeroed(state->arena, 1, sizeof *slot);
	if (slot == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	slot->account = account;
	slot->key = *key;
	place(table, hash, slot);
	table->count++;
	*found = state->last_slot = slot;
	return STATUS_OK;
}

struct slice slot_trie_key(struct slot *slot)
{
	if (!slot->has_trie_key) {
		struct bytes32 key;
		u256_to_bytes(&slot->key, key.bytes);
		keccak256(key.bytes, sizeof key.bytes, slot->trie_key.bytes);
		slot->has_trie_key = true;
	}
	return slice_of(slot->trie_key.bytes, sizeof slot->trie_key.bytes);
}

status state_load_slot(struct state *state, const struct address *address, const struct u256 *key, struct slot **found)
{
	TRY(state_find_slot(state, address, key, found));
	struct slot *slot = *found;
	if (slot->is_loaded)
		return STATUS_OK;
	struct account *account = slot->account;
	if (!account->is_loaded)
		TRY(load(state, account));
	if (!trie_is_empty(&account->storage)) {
		struct slice encoded;
		TRY(trie_get(&account->storage, slot_trie_key(slot), &encoded));
		if (encoded.length > 0)
			TRY(slot_decode(encoded, &slot->value));
		slot->committed = slot->value;
		slot->before = slot->value;
	}
	slot->is_loaded = true;
	return STATUS_OK;
}
