#include "eth/state_internal.h"

/* EIP-1153: transient storage, as a table of its own that each transaction begins empty. */

enum { first_places = 256 };

static size_t first_place(const struct state *state, const struct account *account, const struct u256 *key)
{
	return keyed_hash_fold(account->hash + state_hash_key(state, key)) & state->transients.mask;
}

/* The entry, or null where nothing was stored; `place` is where it is or would be. There is a table. */
static struct transient *find(const struct state *state, const struct account *account, const struct u256 *key, size_t *place)
{
	const struct transient_table *table = &state->transients;
	*place = first_place(state, account, key);
	for (; table->places[*place] != 0; *place = (*place + 1) & table->mask) {
		struct transient *entry = &table->entries[table->places[*place] - 1];
		if (entry->account == account && u256_equal(&entry->key, key))
			return entry;
	}
	return NULL;
}

/* Room for one more; at most half of the places are taken. */
static status reserve(struct state *state)
{
	struct transient_table *table = &state->transients;
	void *entries = table->entries;
	TRY(state_grow(state, &entries, &table->size, table->count, sizeof *table->entries));
	table->entries = entries;
	size_t places = table->places == NULL ? 0 : table->mask + 1;
	if (2 * (table->count + 1) <= places)
		return STATUS_OK;
	size_t grown = places == 0 ? first_places : 2 * places;
	table->places = arena_take_zeroed(state->arena, grown, sizeof *table->places);
	if (table->places == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	table->mask = grown - 1;
	for (size_t i = 0; i < table->count; i++) {
		struct transient *entry = &table->entries[i];
		size_t place = first_place(state, entry->account, &entry->key);
		while (table->places[place] != 0)
			place = (place + 1) & table->mask;
		table->places[place] = (uint32_t)i + 1;
		entry->place = place;
	}
	return STATUS_OK;
}

void transients_clear(struct state *state)
{
	struct transient_table *table = &state->transients;
	for (size_t i = 0; i < table->count; i++)
		table->places[table->entries[i].place] = 0;
	table->count = 0;
}

status state_transient(struct state *state, const struct address *address, const struct u256 *key, struct u256 *value)
{
	struct account *account;
	size_t place;
	struct u256 wanted = *key;
	*value = u256_zero;
	if (state->transients.count == 0)
		return STATUS_OK;
	TRY(state_find_account(state, address, &account));
	const struct transient *entry = find(state, account, &wanted, &place);
	if (entry != NULL)
		*value = entry->value;
	return STATUS_OK;
}

status state_set_transient(struct state *state, const struct address *address, const struct u256 *key, const struct u256 *value)
{
	struct account *account;
	size_t place;
	TRY(state_find_account(state, address, &account));
	TRY(reserve(state));
	struct transient_table *table = &state->transients;
	struct transient *entry = find(state, account, key, &place);
	if (entry == NULL) {
		entry = &table->entries[table->count];
		*entry = (struct transient){.account = account, .key = *key, .place = place};
		table->places[place] = (uint32_t)++table->count;
	}
	size_t index = (size_t)(entry - table->entries);
	TRY(journal_push(state, (struct journal_entry){.kind = JOURNAL_TRANSIENT, .of.transient = index, .old.word = entry->value}));
	table->entries[index].value = *value;
	return STATUS_OK;
}
