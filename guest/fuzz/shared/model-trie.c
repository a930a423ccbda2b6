#include "shared/model-trie.h"

#include "crypto/keccak.h"

static int compare(const struct model_entry *entry, const uint8_t *key, size_t key_length)
{
	size_t shorter = entry->key_length < key_length ? entry->key_length : key_length;
	int order = shorter == 0 ? 0 : memcmp(entry->key, key, shorter);
	return order != 0 ? order : entry->key_length < key_length ? -1 : entry->key_length > key_length;
}

static size_t find(const struct model *model, const uint8_t *key, size_t key_length, bool *found)
{
	size_t at = 0;
	while (at < model->count && compare(&model->entries[at], key, key_length) < 0)
		at++;
	*found = at < model->count && compare(&model->entries[at], key, key_length) == 0;
	return at;
}

const struct model_entry *model_get(const struct model *model, const uint8_t *key, size_t key_length)
{
	bool found;
	size_t at = find(model, key, key_length, &found);
	return found ? &model->entries[at] : NULL;
}

bool model_put(struct model *model, const uint8_t *key, size_t key_length, const uint8_t *value, size_t value_length)
{
	bool found;
	size_t at = find(model, key, key_length, &found);
	struct model_entry *entry = &model->entries[at];
	size_t behind = model->count - at - (found ? 1 : 0);
	if (value_length == 0) {
		if (found)
			memmove(entry, entry + 1, behind * sizeof *entry);
		model->count -= found;
		return true;
	}
	if (!found && model->count == model_max_entries)
		return false;
	if (!found) {
		memmove(entry + 1, entry, behind * sizeof *entry);
		model->count++;
	}
	entry->key_length = key_length;
	entry->value_length = value_length;
	bytes_copy(entry->key, key, key_length);
	memcpy(entry->value, value, value_length);
	return true;
}

struct text {
	uint8_t bytes[1024];
	size_t length;
};

static void append(struct text *to, const void *bytes, size_t length)
{
	REQUIRE(to->length + length <= sizeof to->bytes);
	bytes_copy(to->bytes + to->length, bytes, length);
	to->length += length;
}

static void append_byte(struct text *to, size_t byte)
{
	uint8_t value = (uint8_t)byte;
	append(to, &value, 1);
}

static void append_prefix(struct text *to, uint8_t kind, size_t length)
{
	if (length < 56) {
		append_byte(to, kind + length);
	} else if (length < 256) {
		append_byte(to, kind + 56u);
		append_byte(to, length);
	} else {
		append_byte(to, kind + 57u);
		append_byte(to, length >> 8);
		append_byte(to, length);
	}
}

static void append_string(struct text *to, const uint8_t *bytes, size_t length)
{
	if (length != 1 || bytes[0] >= 0x80)
		append_prefix(to, 0x80, length);
	append(to, bytes, length);
}

static unsigned nibble(const struct model_entry *entry, size_t at)
{
	return at % 2 == 0 ? entry->key[at / 2] >> 4 : entry->key[at / 2] & 15;
}

static void append_path(struct text *to, const struct model_entry *entry, size_t from, size_t end, bool is_leaf)
{
	uint8_t compact[model_max_key + 1];
	size_t length = 1;
	compact[0] = is_leaf ? 0x20 : 0;
	if ((end - from) % 2 != 0)
		compact[0] |= (uint8_t)(0x10 | nibble(entry, from++));
	for (; from < end; from += 2)
		compact[length++] = (uint8_t)(nibble(entry, from) << 4 | nibble(entry, from + 1));
	append_string(to, compact, length);
}

static void encode(struct model *model, const struct model_entry *entries, size_t count, size_t depth, struct text *node);

/* The node, or its hash where it has 32 bytes. */
static void append_reference(struct model *model, const struct model_entry *entries, size_t count, size_t depth, struct text *to)
{
	struct text node = {.length = 0};
	if (count == 0) {
		append_byte(to, 0x80);
		return;
	}
	encode(model, entries, count, depth, &node);
	if (node.length < 32) {
		append(to, node.bytes, node.length);
		return;
	}
	REQUIRE(model->node_count < model_max_nodes);
	struct model_node *kept = &model->nodes[model->node_count++];
	keccak256(node.bytes, node.length, kept->hash);
	memcpy(kept->bytes, node.bytes, node.length);
	kept->length = node.length;
	append_string(to, kept->hash, 32);
}

static size_t shared_prefix(const struct model_entry *entries, size_t count, size_t depth)
{
	size_t length = 2 * entries[0].key_length;
	for (size_t i = 1; i < count; i++) {
		size_t same = depth;
		while (same < length && same < 2 * entries[i].key_length && nibble(&entries[0], same) == nibble(&entries[i], same))
			same++;
		length = same;
	}
	return length;
}

static void encode(struct model *model, const struct model_entry *entries, size_t count, size_t depth, struct text *node)
{
	struct text content = {.length = 0};
	size_t shared = shared_prefix(entries, count, depth);
	if (count == 1) {
		append_path(&content, entries, depth, shared, true);
		append_string(&content, entries->value, entries->value_length);
	} else if (shared > depth) {
		append_path(&content, entries, depth, shared, false);
		append_reference(model, entries, count, shared, &content);
	} else {
		/* Keys ascend, so one that ends here comes first. */
		const struct model_entry *ends_here = 2 * entries->key_length == depth ? entries : NULL;
		size_t at = ends_here != NULL;
		for (unsigned branch = 0; branch < 16; branch++) {
			size_t from = at;
			while (at < count && nibble(&entries[at], depth) == branch)
				at++;
			append_reference(model, entries + from, at - from, depth + 1, &content);
		}
		append_string(&content, ends_here == NULL ? NULL : ends_here->value, ends_here == NULL ? 0 : ends_here->value_length);
	}
	append_prefix(node, 0xc0, content.length);
	append(node, content.bytes, content.length);
}

void model_root(struct model *model, uint8_t root[32])
{
	static const uint8_t nothing[] = {0x80};
	struct text node = {.length = 0};
	model->node_count = 0;
	if (model->count == 0) {
		keccak256(nothing, sizeof nothing, root);
		return;
	}
	encode(model, model->entries, model->count, 0, &node);
	keccak256(node.bytes, node.length, root);
	struct model_node *kept = &model->nodes[model->node_count++];
	memcpy(kept->hash, root, 32);
	memcpy(kept->bytes, node.bytes, node.length);
	kept->length = node.length;
}
