#include "eth/witness.h"

#include "crypto/keccak.h"

status witness_table_init(struct witness_table *table, struct arena *arena, struct rlp_reader strings)
{
	size_t count;
	TRY(rlp_count(strings, &count));
	*table = (struct witness_table){.entries = arena_take_array(arena, count, sizeof *table->entries), .count = count};
	if (table->entries == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	for (size_t i = 0; i < count; i++) {
		struct witness_entry *entry = &table->entries[i];
		TRY(rlp_string(&strings, &entry->bytes));
		keccak256(entry->bytes.data, entry->bytes.length, entry->hash.bytes);
		if (i > 0 && memcmp(entry[-1].hash.bytes, entry->hash.bytes, sizeof entry->hash.bytes) >= 0)
			return FAIL(STATUS_INPUT_ORDER);
	}
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
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp(table->entries[middle].hash.bytes, hash, sizeof table->entries[middle].hash.bytes);
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
