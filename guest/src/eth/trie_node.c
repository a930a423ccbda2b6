#include "eth/trie_node.h"

#include "crypto/keccak.h"
#include "eth/rlp.h"
#include "eth/witness.h"

enum { empty_item = 0x80, hash_item = 0xa0, hash_item_length = 33, list_item = 0xc0, max_inline = 31 };

struct trie_node *trie_new_leaf(struct trie *trie, struct nibbles path, struct slice value)
{
	struct trie_node *node = arena_take(trie->arena, sizeof *node);
	if (node != NULL)
		*node = (struct trie_node){.kind = TRIE_LEAF, .path = path, .value = value};
	return node;
}

struct trie_node *trie_new_extension(struct trie *trie, struct nibbles path, struct trie_ref child)
{
	struct trie_node *node = arena_take(trie->arena, sizeof *node);
	struct trie_ref *children = arena_take(trie->arena, sizeof *children);
	if (node == NULL || children == NULL)
		return NULL;
	*children = child;
	*node = (struct trie_node){.kind = TRIE_EXTENSION, .path = path, .children = children};
	return node;
}

struct trie_node *trie_new_branch(struct trie *trie)
{
	struct trie_node *node = arena_take(trie->arena, sizeof *node);
	struct trie_ref *children = arena_take_zeroed(trie->arena, trie_branches, sizeof *children);
	if (node == NULL || children == NULL)
		return NULL;
	*node = (struct trie_node){.kind = TRIE_BRANCH, .children = children};
	return node;
}

/* A hash, a node of less than 32 bytes as it stands, or nothing. */
static status read_ref(struct rlp_reader *reader, struct trie_ref *ref)
{
	bool is_list = rlp_next_is_list(reader);
	struct slice item;
	TRY(rlp_item(reader, &item));
	*ref = (struct trie_ref){0};
	if (!is_list && item.length == 1 && item.data[0] == empty_item)
		return STATUS_OK;
	if (is_list ? item.length > max_inline : item.length != hash_item_length)
		return FAIL(STATUS_NODE_INVALID);
	ref->encoded = item.data;
	return STATUS_OK;
}

/* Hex-prefix encoding (Yellow Paper, appendix C). */
static status read_path(struct slice compact, struct trie_node *node)
{
	if (compact.length == 0 || compact.length > trie_max_key + 1)
		return FAIL(STATUS_NODE_INVALID);
	uint8_t flags = compact.data[0] >> 4;
	bool is_odd = (flags & 1) != 0;
	if (flags > 3 || (!is_odd && (compact.data[0] & 0x0f) != 0))
		return FAIL(STATUS_NODE_INVALID);
	size_t length = 2 * (compact.length - 1) + is_odd;
	if (length > trie_max_nibbles)
		return FAIL(STATUS_NODE_INVALID);
	node->kind = flags >= 2 ? TRIE_LEAF : TRIE_EXTENSION;
	node->path = (struct nibbles){.bytes = compact.data + !is_odd, .start = is_odd, .count = (uint8_t)length};
	return STATUS_OK;
}

static status read_short(struct trie *trie, struct rlp_reader items, struct trie_node *node)
{
	struct slice compact;
	TRY(rlp_string(&items, &compact));
	TRY(read_path(compact, node));
	if (node->kind == TRIE_LEAF) {
		TRY(rlp_string(&items, &node->value));
		return node->value.length > 0 ? STATUS_OK : FAIL(STATUS_NODE_INVALID);
	}
	node->children = arena_take(trie->arena, sizeof *node->children);
	if (node->children == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	TRY(read_ref(&items, node->children));
	if (node->path.count == 0 || trie_ref_is_empty(node->children))
		return FAIL(STATUS_NODE_INVALID);
	return STATUS_OK;
}

static status read_branch(struct trie *trie, struct rlp_reader items, struct trie_node *node)
{
	node->kind = TRIE_BRANCH;
	node->children = arena_take_array(trie->arena, trie_branches, sizeof *node->children);
	if (node->children == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	for (size_t i = 0; i < trie_branches; i++) {
		/* Nearly all are hashes or empty; the rest is read_ref's. */
		struct trie_ref *child = &node->children[i];
		size_t rest = (size_t)(items.end - items.at);
		if (rest >= hash_item_length && items.at[0] == hash_item) {
			*child = (struct trie_ref){.encoded = items.at};
			items.at += hash_item_length;
		} else if (rest > 0 && items.at[0] == empty_item) {
			*child = (struct trie_ref){0};
			items.at++;
		} else {
			TRY(read_ref(&items, child));
		}
	}
	TRY(rlp_string(&items, &node->value));
	return rlp_end(&items);
}

static status read_node(struct trie *trie, struct slice encoded, struct trie_node *node)
{
	struct rlp_reader items;
	TRY(rlp_only_list(encoded, &items));
	/* Two items or seventeen: the third of a short node cannot be there. */
	struct rlp_reader probe = items;
	TRY(rlp_skip(&probe));
	TRY(rlp_skip(&probe));
	return rlp_at_end(&probe) ? read_short(trie, items, node) : read_branch(trie, items, node);
}

status trie_load(struct trie *trie, struct trie_ref *ref)
{
	if (ref->node != NULL)
		return STATUS_OK;
	if (ref->encoded == NULL)
		return FAIL(STATUS_INTERNAL);
	struct slice encoded;
	if (ref->encoded[0] != hash_item)
		encoded = slice_of(ref->encoded, (size_t)(ref->encoded[0] - list_item) + 1);
	else if (trie->witness == NULL)
		return FAIL(STATUS_NODE_MISSING);
	else
		TRY(witness_node(trie->witness, ref->encoded + 1, &encoded));
	struct trie_node *node = arena_take_zeroed(trie->arena, 1, sizeof *node);
	if (node == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	TRY(read_node(trie, encoded, node));
	ref->node = node;
	return STATUS_OK;
}

static size_t ref_length(const uint8_t *encoded)
{
	return encoded[0] == hash_item ? hash_item_length : (size_t)(encoded[0] - list_item) + 1;
}

static size_t children_size(const struct trie_node *node, size_t count)
{
	size_t size = 0;
	for (size_t i = 0; i < count; i++)
		size += node->children[i].encoded == NULL ? 1 : ref_length(node->children[i].encoded);
	return size;
}

static uint8_t *put_children(uint8_t *to, const struct trie_node *node, size_t count)
{
	for (size_t i = 0; i < count;) {
		const uint8_t *from = node->children[i++].encoded;
		if (from == NULL) {
			*to++ = empty_item;
			continue;
		}
		/* Neighbours that did not change stand in one piece in the node that was loaded. */
		const uint8_t *end = from + ref_length(from);
		for (; i < count && node->children[i].encoded == end; i++)
			end += ref_length(end);
		size_t length = (size_t)(end - from);
		memcpy(to, from, length);
		to += length;
	}
	return to;
}

/* Of the hex-prefix encoding. */
static size_t compact_length(const struct nibbles *path)
{
	return 1 + path->count / 2u;
}

/* As an RLP string: a single byte is below 0x80 and stands for itself. */
static uint8_t *put_path(uint8_t *to, const struct trie_node *node)
{
	const struct nibbles *path = &node->path;
	bool is_odd = path->count % 2 != 0;
	size_t length = compact_length(path);
	struct nibbles pairs = nibbles_after(path, is_odd);
	if (length > 1)
		*to++ = (uint8_t)(empty_item + length);
	*to++ = (uint8_t)((node->kind == TRIE_LEAF ? 0x20 : 0) | (is_odd ? 0x10 | nibbles_at(path, 0) : 0));
	if (pairs.start == 0) {
		bytes_copy(to, pairs.bytes, length - 1);
		return to + length - 1;
	}
	for (size_t i = 0; i < pairs.count; i += 2)
		*to++ = (uint8_t)(nibbles_at(&pairs, i) << 4 | nibbles_at(&pairs, i + 1));
	return to;
}

static size_t child_count(const struct trie_node *node)
{
	return node->kind == TRIE_BRANCH ? trie_branches : node->kind == TRIE_EXTENSION ? 1 : 0;
}

/* The encoding of one node whose children have theirs. */
static status encode_node(struct trie *trie, const struct trie_node *node, const uint8_t **reference)
{
	enum { before_hash = 3 };
	size_t count = child_count(node);
	size_t size = children_size(node, count);
	if (node->kind != TRIE_BRANCH)
		size += compact_length(&node->path) + (node->path.count > 1);
	if (node->kind != TRIE_EXTENSION)
		size += rlp_string_size(node->value);
	size_t length = rlp_prefix_size(size) + size;
	/* So that the hash stands at whole words, as the node does: hashing copies nothing then. */
	uint8_t *kept = arena_take(trie->arena, before_hash + hash_item_length);
	size_t mark = arena_mark(trie->arena);
	uint8_t *encoded = arena_take(trie->arena, length);
	if (kept == NULL || encoded == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	kept += before_hash;
	uint8_t *at = rlp_write_list_prefix(encoded, size);
	if (node->kind != TRIE_BRANCH)
		at = put_path(at, node);
	at = put_children(at, node, count);
	if (node->kind != TRIE_EXTENSION)
		at = rlp_write_string(at, node->value);
	if (at != encoded + length)
		return FAIL(STATUS_INTERNAL);
	if (length <= max_inline) {
		memcpy(kept, encoded, length);
	} else {
		kept[0] = hash_item;
		keccak256(encoded, length, kept + 1);
	}
	arena_release(trie->arena, mark);
	*reference = kept;
	return STATUS_OK;
}

/* A node whose children are being encoded, from `next` on. */
struct pending {
	struct trie_ref *ref;
	struct trie_ref *next, *end;
};

static struct pending pending_of(struct trie_ref *ref)
{
	struct trie_ref *children = ref->node->children;
	/* A leaf has none, and a null pointer takes no arithmetic. */
	return (struct pending){.ref = ref, .next = children, .end = children == NULL ? NULL : children + child_count(ref->node)};
}

status trie_encode(struct trie *trie, struct trie_ref *ref)
{
	struct pending stack[trie_max_nibbles + 1];
	size_t depth = 0;
	if (ref->encoded != NULL || ref->node == NULL)
		return STATUS_OK;
	stack[depth++] = pending_of(ref);
	while (depth > 0) {
		struct pending *top = &stack[depth - 1];
		struct trie_ref *child = top->next;
		while (child != top->end && (child->encoded != NULL || child->node == NULL))
			child++;
		if (child == top->end) {
			TRY(encode_node(trie, top->ref->node, &top->ref->encoded));
			depth--;
			continue;
		}
		top->next = child + 1;
		if (depth == sizeof stack / sizeof stack[0])
			return FAIL(STATUS_NODE_INVALID);
		stack[depth++] = pending_of(child);
	}
	return STATUS_OK;
}

status trie_encode_root(struct trie *trie, struct bytes32 *root)
{
	TRY(trie_encode(trie, &trie->root));
	const uint8_t *encoded = trie->root.encoded;
	if (encoded == NULL)
		return FAIL(STATUS_INTERNAL);
	if (encoded[0] == hash_item)
		memcpy(root->bytes, encoded + 1, sizeof root->bytes);
	else
		keccak256(encoded, (size_t)(encoded[0] - list_item) + 1, root->bytes);
	return STATUS_OK;
}
