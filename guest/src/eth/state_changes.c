#include "base/sort.h"
#include "eth/state_internal.h"

/* The net change of the batch: a function of the states before and after, whatever happened in between. */

static int by_address(const void *a, const void *b)
{
	const struct account *x = a;
	const struct account *y = b;
	return memcmp(x->address.bytes, y->address.bytes, sizeof x->address.bytes);
}

static int by_key(const void *a, const void *b)
{
	return u256_compare(&((const struct slot *)a)->key, &((const struct slot *)b)->key);
}

static status sort_in_arena(struct state *state, const void **items, size_t count, int (*compare)(const void *, const void *))
{
	const void **scratch = arena_take_array(state->arena, count, sizeof *scratch);
	if (scratch == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	sort_pointers(items, scratch, count, compare);
	return STATUS_OK;
}

static status slot_changes(struct state *state, const struct account *account, struct account_change *change)
{
	size_t count = 0;
	for (const struct slot *slot = account->slots; slot != NULL; slot = slot->next)
		count += !u256_equal(&slot->committed, &slot->before);
	if (count == 0)
		return STATUS_OK;
	const void **slots = arena_take_array(state->arena, count, sizeof *slots);
	struct slot_change *changes = arena_take_array(state->arena, count, sizeof *changes);
	if (slots == NULL || changes == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	size_t next = 0;
	for (const struct slot *slot = account->slots; slot != NULL; slot = slot->next) {
		if (!u256_equal(&slot->committed, &slot->before))
			slots[next++] = slot;
	}
	TRY(sort_in_arena(state, slots, count, by_key));
	for (size_t i = 0; i < count; i++) {
		const struct slot *slot = slots[i];
		changes[i] = (struct slot_change){.key = slot->key, .value = slot->committed};
	}
	change->slots = changes;
	change->slot_count = count;
	return STATUS_OK;
}

/* `differs` says whether there is a change at all. */
static status change_of(struct state *state, const struct account *account, struct account_change *change, bool *differs)
{
	*change = (struct account_change){.address = account->address, .exists = account->is_in_trie};
	if (!account->is_in_trie) {
		*differs = account->existed_before;
		return STATUS_OK;
	}
	/* The keys of what it lost are unknown, so the change cannot be told; EIP-6780 and EIP-7610 exclude it. */
	if (account->lost_storage)
		return FAIL(STATUS_DIFF);
	change->nonce = account->nonce;
	change->nonce_changed = account->nonce != account->nonce_before;
	change->balance = account->balance;
	change->balance_changed = !u256_equal(&account->balance, &account->balance_before);
	change->code_hash = account->code->hash;
	change->code_changed = !bytes32_equal(&account->code->hash, &account->code_hash_before);
	if (change->code_changed && account->code != &state_no_code) {
		if (!account->code->is_loaded)
			return FAIL(STATUS_INTERNAL);
		change->code = account->code->bytes;
	}
	TRY(slot_changes(state, account, change));
	*differs = change->nonce_changed || change->balance_changed || change->code_changed || change->slot_count > 0;
	return STATUS_OK;
}

status state_changes(struct state *state, const struct account_change **result, size_t *result_count)
{
	const struct pointer_table *table = &state->account_table;
	const void **accounts = arena_take_array(state->arena, table->count, sizeof *accounts);
	struct account_change *changes = arena_take_array(state->arena, table->count, sizeof *changes);
	if (accounts == NULL || changes == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	size_t count = 0;
	for (size_t i = 0; count < table->count && i <= table->mask; i++) {
		const struct account *account = table->places[i];
		if (account != NULL)
			accounts[count++] = account;
	}
	TRY(sort_in_arena(state, accounts, count, by_address));
	size_t changed = 0;
	for (size_t i = 0; i < count; i++) {
		const struct account *account = accounts[i];
		bool differs = false;
		if (account->is_loaded)
			TRY(change_of(state, account, &changes[changed], &differs));
		changed += differs;
	}
	*result = changes;
	*result_count = changed;
	return STATUS_OK;
}
