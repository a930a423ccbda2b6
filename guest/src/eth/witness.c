#include "eth/witness.h"

#include "crypto/keccak.h"

/* The first bytes of a hash are as good as random; whoever grinds for collisions only slows down his own run. */
static size_t slot_of(const struct witness_table *table, const uint8_t hash[32])
{
	uint32_t word;
	memcpy(&word, hash, sizeof word);
	return word & table->mask;
}

static void insert(struct witness_table *table, size_t entry)
{
	size_t slot = slot_of(table, table->entries[entry].hash.bytes);
	while (table->slots[slot] != 0)
		slot = (slot + 1) & table->mask;
	table->slots[slot] = (uint32_t)entry + 1;
}

status witness_table_init(struct witness_table *table, struct arena *arena, struct rlp_reader strings)
{
	size_t count;
	TRY(rlp_count(strings, &count));
	/* A string takes a byte of input at least, so the product below fits a size. */
	size_t size = 2;
	while (size < 2 * count)
		size *= 2;
	*table = (struct witness_table){
		.entries = arena_take_array(arena, count, sizeof *table->entries),
		.slots = arena_take_zeroed(arena, size, sizeof *table->slots),
		.count = count,
		.mask = size - 1,
	};
	if (table->entries == NULL || table->slots == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	for (size_t i = 0; i < count; i++) {
		struct witness_entry *entry = &table->entries[i];
		TRY(rlp_string(&strings, &entry->bytes));
		keccak256(entry->bytes.data, entry->bytes.length, entry->hash.bytes);
		if (i > 0 && memcmp(entry[-1].hash.bytes, entry->hash.bytes, sizeof entry->hash.bytes) >= 0)
			return FAIL(STATUS_INPUT_ORDER);
		insert(table, i);
	}
	return STATUS_OK;
}

static const struct witness_entry *find(const struct witness_table *table, const uint8_t hash[32])
{
	if (table->count == 0)
		return NULL;
	/* At most half of the slots are taken, so the search ends. */
	for (size_t slot = slot_of(table, hash); table->slots[slot] != 0; slot = (slot + 1) & table->mask) {
		const struct witness_entry *entry = &table->entries[table->slots[slot] - 1];
		if (bytes_equal(entry->hash.bytes, hash, sizeof entry->hash.bytes))
			return entry;
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
