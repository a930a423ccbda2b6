#include "eth/trie.h"

#include "crypto/keccak.h"
#include "eth/rlp.h"
#include "eth/witness.h"
#include "shared/model-trie.h"

/*
 * Random operations on a trie. Either on an honest one, which a model makes, with or without all of its nodes in the witness: what
 * comes out is the model's root, or a failure where a node lacks. Or on nodes of any shape that refer to each other by their true
 * hashes: no crash, and what was put is found.
 */

struct bytes {
	const uint8_t *at;
	size_t left;
};

static unsigned take(struct bytes *bytes)
{
	if (bytes->left == 0)
		return 0;
	bytes->left--;
	return *bytes->at++;
}

/* Long keys with few differences, and short ones of which some are the beginning of others. */
static size_t take_key(struct bytes *bytes, uint8_t key[trie_max_key])
{
	unsigned shape = take(bytes);
	size_t length = shape < 128 ? trie_max_key : shape % 4;
	memset(key, shape & 1 ? 0x11 : 0, trie_max_key);
	for (unsigned changes = shape / 16 % 4 + (shape >= 128); changes > 0; changes--) {
		unsigned at = take(bytes);
		key[length == 0 ? 0 : at % length] = (uint8_t)take(bytes);
	}
	return length;
}

static size_t take_value(struct bytes *bytes, uint8_t value[model_max_value])
{
	unsigned length = take(bytes);
	length = length < 100 ? 0 : length < 180 ? 1 + length % 8 : 1 + length % (model_max_value - 1);
	memset(value, (int)take(bytes) | 1, model_max_value);
	return length;
}

static int by_hash(const void *a, const void *b)
{
	return memcmp(((const struct model_node *)a)->hash, ((const struct model_node *)b)->hash, 32);
}

/* The nodes as the prover input has them. */
static void make_witness(struct model_node *nodes, size_t count, struct arena *arena, struct witness *witness)
{
	size_t size = 16;
	qsort(nodes, count, sizeof *nodes, by_hash);
	for (size_t i = 0; i < count; i++)
		size += nodes[i].length + rlp_max_prefix;
	uint8_t *buffer = arena_take(arena, size);
	REQUIRE(buffer != NULL);
	struct rlp_writer writer = rlp_writer_of(buffer, size);
	for (size_t i = count; i > 0; i--) {
		if (i < count && memcmp(nodes[i].hash, nodes[i - 1].hash, 32) == 0)
			continue;
		rlp_put_bytes(&writer, nodes[i - 1].bytes, nodes[i - 1].length);
	}
	struct slice strings;
	REQUIRE(rlp_written(&writer, &strings) == STATUS_OK);
	*witness = (struct witness){0};
	REQUIRE(witness_table_init(&witness->nodes, arena, rlp_reader_of(strings)) == STATUS_OK);
}

/* Leaves out or falsifies some nodes; says whether it did. */
static bool spoil(struct bytes *bytes, struct model *model)
{
	unsigned how = take(bytes);
	size_t count = model->node_count;
	if (how < 128 || count == 0)
		return false;
	struct model_node *node = &model->nodes[take(bytes) % count];
	if (how < 200) {
		*node = model->nodes[count - 1];
		model->node_count--;
	} else {
		node->bytes[take(bytes) % node->length] ^= (uint8_t)(1 + take(bytes) % 255);
		keccak256(node->bytes, node->length, node->hash);
	}
	return true;
}

static void honest(struct bytes bytes, struct arena *arena)
{
	static struct model model;
	uint8_t key[trie_max_key], value[model_max_value];
	struct witness witness;
	struct trie trie;
	struct bytes32 root;
	model.count = 0;
	for (unsigned puts = take(&bytes) % 40; puts > 0 && bytes.left > 0; puts--) {
		size_t key_length = take_key(&bytes, key);
		(void)model_put(&model, key, key_length, value, take_value(&bytes, value));
	}
	model_root(&model, root.bytes);
	bool spoilt = spoil(&bytes, &model);
	make_witness(model.nodes, model.node_count, arena, &witness);
	REQUIRE(trie_init(&trie, arena, &witness, &root) == STATUS_OK);
	while (bytes.left > 0) {
		unsigned what = take(&bytes);
		struct slice found;
		size_t key_length = take_key(&bytes, key);
		struct slice key_slice = slice_of(key, key_length);
		status result;
		if (what < 64) {
			result = trie_get(&trie, key_slice, &found);
			const struct model_entry *expected = model_get(&model, key, key_length);
			if (result == STATUS_OK)
				REQUIRE(slice_equal(found, expected == NULL ? (struct slice){0} : slice_of(expected->value, expected->value_length)));
		} else {
			size_t length = what < 160 ? 0 : take_value(&bytes, value);
			if (!model_put(&model, key, key_length, value, length))
				return;
			result = length == 0 ? trie_delete(&trie, key_slice) : trie_put(&trie, key_slice, slice_of(value, length));
		}
		REQUIRE(result == STATUS_OK || (spoilt && result == STATUS_NODE_MISSING));
		if (result != STATUS_OK)
			return;
		/* Roots in between, as after each block. */
		if (what % 8 == 0 || bytes.left == 0) {
			struct bytes32 expected;
			REQUIRE(trie_root(&trie, &root) == STATUS_OK);
			model_root(&model, expected.bytes);
			REQUIRE(bytes32_equal(&root, &expected));
		}
	}
}

/* What a node refers to: nothing, an earlier node by its hash or as it stands, or any bytes. */
static void put_reference(struct bytes *bytes, struct rlp_writer *writer, const struct model_node *nodes, size_t count)
{
	static const uint8_t noise[40] = {0xab};
	unsigned what = take(bytes);
	const struct model_node *node = count == 0 ? NULL : &nodes[what / 8 % count];
	if (what % 8 < 2 || node == NULL)
		rlp_put_bytes(writer, NULL, 0);
	else if (what % 8 < 5)
		rlp_put_bytes(writer, node->hash, 32);
	else if (what % 8 < 7)
		rlp_put_raw(writer, slice_of(node->bytes, node->length < 300 ? node->length : 1));
	else
		rlp_put_bytes(writer, noise, take(bytes) % sizeof noise);
}

static void make_node(struct bytes *bytes, struct model_node *nodes, size_t count)
{
	struct model_node *node = &nodes[count];
	struct rlp_writer writer = rlp_writer_of(node->bytes, sizeof node->bytes);
	const uint8_t *end = rlp_mark(&writer);
	uint8_t text[40];
	unsigned kind = take(bytes);
	size_t length = take(bytes) % sizeof text;
	for (size_t i = 0; i < length; i++)
		text[i] = (uint8_t)take(bytes);
	if (kind < 64 && length > 0)
		text[0] = (uint8_t)(text[0] & 0x3f);
	if (kind % 64 < 40) {
		rlp_put_bytes(&writer, kind < 128 ? NULL : text, kind < 128 ? 0 : length);
		for (unsigned i = 16 + (kind == 39) - (kind == 38); i > 0; i--)
			put_reference(bytes, &writer, nodes, count);
	} else {
		if (kind < 128)
			put_reference(bytes, &writer, nodes, count);
		else
			rlp_put_bytes(&writer, text, length);
		rlp_put_bytes(&writer, text, length);
	}
	rlp_put_list(&writer, end);
	struct slice written = {0};
	if (rlp_written(&writer, &written) != STATUS_OK)
		written = slice_of((const uint8_t *)"\xc0", 1);
	memmove(node->bytes, written.data, written.length);
	node->length = written.length;
	/* A prefix or an inside that is not canonical. */
	if (kind % 16 == 15)
		node->bytes[take(bytes) % node->length] ^= (uint8_t)take(bytes);
	keccak256(node->bytes, node->length, node->hash);
}

static void hostile(struct bytes bytes, struct arena *arena)
{
	enum { most = 24 };
	static struct model_node nodes[most];
	uint8_t key[trie_max_key], value[model_max_value];
	struct witness witness;
	struct trie trie;
	struct bytes32 root;
	size_t count = 1 + take(&bytes) % most;
	for (size_t i = 0; i < count; i++)
		make_node(&bytes, nodes, i);
	memcpy(root.bytes, nodes[count - 1].hash, 32);
	make_witness(nodes, count, arena, &witness);
	if (trie_init(&trie, arena, &witness, &root) != STATUS_OK)
		return;
	while (bytes.left > 0) {
		unsigned what = take(&bytes);
		struct slice key_slice = slice_of(key, take_key(&bytes, key));
		struct slice found;
		if (what < 80) {
			if (trie_get(&trie, key_slice, &found) != STATUS_OK)
				return;
		} else if (what < 150) {
			if (trie_delete(&trie, key_slice) != STATUS_OK)
				return;
			if (trie_get(&trie, key_slice, &found) != STATUS_OK)
				return;
			REQUIRE(found.length == 0);
		} else {
			struct slice put = slice_of(value, take_value(&bytes, value) | 1);
			if (trie_put(&trie, key_slice, put) != STATUS_OK)
				return;
			REQUIRE(trie_get(&trie, key_slice, &found) == STATUS_OK && slice_equal(found, put));
		}
		if (what % 8 == 0 && trie_root(&trie, &root) != STATUS_OK)
			return;
	}
	(void)!trie_root(&trie, &root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct bytes bytes = {.at = data, .left = size};
	fuzz_arena(&arena, 1 << 23);
	if (take(&bytes) % 2 == 0)
		honest(bytes, &arena);
	else
		hostile(bytes, &arena);
	return 0;
}
