#include "eth/state_internal.h"

enum { first_items = 64 };

status state_grow(struct state *state, void **items, size_t *size, size_t count, size_t item_size)
{
	if (count < *size)
		return STATUS_OK;
	size_t new_size = *size == 0 ? first_items : 2 * *size;
	void *grown = arena_take_array(state->arena, new_size, item_size);
	if (grown == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	bytes_copy(grown, *items, count * item_size);
	*items = grown;
	*size = new_size;
	return STATUS_OK;
}

status journal_push(struct state *state, struct journal_entry entry)
{
	if (state->journal_count == UINT32_MAX)
		return FAIL(STATUS_OUT_OF_MEMORY);
	void *items = state->journal;
	TRY(state_grow(state, &items, &state->journal_size, state->journal_count, sizeof entry));
	state->journal = items;
	state->journal[state->journal_count++] = entry;
	return STATUS_OK;
}

state_snapshot_id state_snapshot(const struct state *state)
{
	return (state_snapshot_id)state->journal_count;
}

static void undo(struct state *state, const struct journal_entry *entry)
{
	switch (entry->kind) {
	case JOURNAL_BALANCE:
		entry->of.account->balance = entry->old.word;
		break;
	case JOURNAL_NONCE:
		entry->of.account->nonce = entry->old.number;
		break;
	case JOURNAL_CODE:
		entry->of.account->code = entry->old.code;
		break;
	case JOURNAL_SLOT:
		entry->of.slot->value = entry->old.word;
		break;
	case JOURNAL_TRANSIENT:
		state->transients.entries[entry->of.transient].value = entry->old.word;
		break;
	case JOURNAL_WARM_ADDRESS:
		entry->of.account->warm_in = 0;
		break;
	case JOURNAL_WARM_SLOT:
		entry->of.slot->warm_in = 0;
		break;
	case JOURNAL_CREATED:
		entry->of.account->created_in = 0;
		break;
	case JOURNAL_DESTROYED:
		entry->of.account->destroyed_in = 0;
		state->destroyed_count--;
		break;
	case JOURNAL_LOG:
		state->log_count--;
		break;
	case JOURNAL_REFUND:
		state->refund = entry->old.refund;
		break;
	}
}

void state_revert(struct state *state, state_snapshot_id snapshot)
{
	while (state->journal_count > snapshot)
		undo(state, &state->journal[--state->journal_count]);
}
