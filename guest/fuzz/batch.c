#include "rollup/batch.h"

#include "crypto/keccak.h"
#include "eth/rlp.h"
#include "shared/rlp-mutator.h"

/* Input: a prover input. */

enum { memory_bytes = 1 << 26, max_strings = 1 << 12 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct bytes32 first, second;
	fuzz_arena(&arena, memory_bytes);
	status result = batch_digest(slice_of(data, size), &arena, &first);
	if (result != STATUS_OK) {
		REQUIRE(failure_first() != NULL && failure_first()->code == result);
		return 0;
	}
	/* Memory that was used before must not show. */
	bool failed = failure_first() != NULL;
	fuzz_arena(&arena, memory_bytes);
	REQUIRE(batch_digest(slice_of(data, size), &arena, &second) == STATUS_OK);
	REQUIRE(failed || bytes32_equal(&first, &second));
	return 0;
}

struct entry {
	uint8_t hash[32];
	struct slice encoded;
};

static int by_hash(const void *a, const void *b)
{
	return memcmp(((const struct entry *)a)->hash, ((const struct entry *)b)->hash, 32);
}

/* Nodes and codes have to ascend by hash, which no change of one keeps up. */
static void put_sorted(struct rlp_writer *writer, struct rlp_reader list)
{
	static struct entry entries[max_strings];
	size_t count = 0;
	const uint8_t *end = rlp_mark(writer);
	struct rlp_reader rest = list;
	while (!rlp_at_end(&rest) && count < max_strings) {
		struct rlp_reader here = rest;
		struct slice content = {0};
		if (rlp_item(&rest, &entries[count].encoded) != STATUS_OK)
			return;
		if (rlp_string(&here, &content) != STATUS_OK)
			content = entries[count].encoded;
		keccak256(content.data, content.length, entries[count++].hash);
	}
	qsort(entries, count, sizeof *entries, by_hash);
	while (count > 0)
		rlp_put_raw(writer, entries[--count].encoded);
	rlp_put_list(writer, end);
}

static size_t sort_witness(uint8_t *data, size_t size)
{
	static uint8_t buffer[1 << 20];
	enum { parts = 8, nodes_at = 4, codes_at = 5 };
	struct rlp_reader fields, list;
	struct slice items[parts], written;
	if (rlp_only_list(slice_of(data, size), &fields) != STATUS_OK)
		return size;
	for (int i = 0; i < parts; i++)
		if (rlp_item(&fields, &items[i]) != STATUS_OK)
			return size;
	struct rlp_writer writer = rlp_writer_of(buffer, size);
	for (int i = parts - 1; i >= 0; i--) {
		if ((i == nodes_at || i == codes_at) && rlp_only_list(items[i], &list) == STATUS_OK)
			put_sorted(&writer, list);
		else
			rlp_put_raw(&writer, items[i]);
	}
	rlp_put_list(&writer, buffer + size);
	if (rlp_written(&writer, &written) == STATUS_OK && written.length <= size) {
		bytes_copy(data, written.data, written.length);
		return written.length;
	}
	return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	size_t length = rlp_mutate(data, size, max_size, seed);
	return seed % 32 == 0 ? length : sort_witness(data, length);
}
