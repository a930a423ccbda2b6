#include "eth/witness.h"

#include "crypto/keccak.h"

enum { filler = 0x80 };

/* The number that the first four bytes make. */
static uint32_t first_of(const uint8_t hash[32])
{
	return (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
}

static status read_next(struct rlp_reader *strings, struct witness_entry *entry)
{
	TRY(rlp_string(strings, &entry->bytes));
	keccak256(entry->bytes.data, entry->bytes.length, entry->hash.bytes);
	entry->first = first_of(entry->hash.bytes);
	return STATUS_OK;
}

static int compare(const struct witness_entry *entry, uint32_t first, const uint8_t hash[32])
{
	if (entry->first != first)
		return entry->first < first ? -1 : 1;
	struct bytes32 aligned;
	memcpy(aligned.bytes, hash, sizeof aligned.bytes);
	return bytes32_equal(&entry->hash, &aligned) ? 0 : memcmp(entry->hash.bytes, hash, sizeof entry->hash.bytes);
}

/* Nothing else takes from the arena here, so that nobody need count first. */
status witness_table_init(struct witness_table *table, struct arena *arena, struct rlp_reader strings)
{
	size_t size;
	struct witness_entry *entries = arena_room(arena, &size);
	struct witness_entry *entry = entries;
	for (size_t room = size / sizeof *entry;; room--) {
		while (!rlp_at_end(&strings) && *strings.at == filler)
			strings.at++;
		if (rlp_at_end(&strings))
			break;
		if (room == 0)
			return FAIL(STATUS_OUT_OF_MEMORY);
		TRY(read_next(&strings, entry));
		if (entry != entries && compare(entry - 1, entry->first, entry->hash.bytes) >= 0)
			return FAIL(STATUS_INPUT_ORDER);
		entry++;
	}
	size_t count = (size_t)(entry - entries);
	*table = (struct witness_table){.entries = arena_take_array(arena, count, sizeof *entries), .count = count};
	return STATUS_OK;
}

/*
 * By halves, as entries ascend. A hash table would need a key that no user foresees: who chooses what he stores chooses, with some
 * work, where its hash falls.
 */
static const struct witness_entry *find(const struct witness_table *table, const uint8_t hash[32])
{
	size_t low = 0;
	size_t high = table->count;
	uint32_t first = first_of(hash);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(&table->entries[middle], first, hash);
		if (order == 0)
			return &table->entries[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

status witness_node(const struct witness *witness, const uint8_t hash[32], struct slice *node)
{
	const struct witness_entry *entry = find(&witness->nodes, hash);
	if (entry == NULL)
		return FAIL(STATUS_NODE_MISSING);
	*node = entry->bytes;
	return STATUS_OK;
}

status witness_code(const struct witness *witness, const struct bytes32 *hash, struct slice *code)
{
	const struct witness_entry *entry = find(&witness->codes, hash->bytes);
	if (entry == NULL)
		return FAIL(STATUS_CODE_MISSING);
	*code = entry->bytes;
	return STATUS_OK;
}
