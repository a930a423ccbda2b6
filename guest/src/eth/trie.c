#include "eth/trie.h"

#include "eth/nibbles.h"
#include "eth/rlp.h"
#include "eth/trie_node.h"

const struct bytes32 trie_empty_root = {
	{0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e,
	 0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c, 0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21}};

/* References from the root down to where a change happens, all of which it makes stale. */
struct trail {
	size_t count;
	struct trie_ref *refs[trie_max_nibbles + 1];
};

void trie_init_empty(struct trie *trie, struct arena *arena)
{
	*trie = (struct trie){.arena = arena};
}

status trie_init(struct trie *trie, struct arena *arena, const struct witness *witness, const struct bytes32 *root)
{
	*trie = (struct trie){.arena = arena, .witness = witness};
	if (bytes32_equal(root, &trie_empty_root))
		return STATUS_OK;
	uint8_t *encoded = arena_take(arena, 1 + sizeof root->bytes);
	if (encoded == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	encoded[0] = 0xa0;
	memcpy(encoded + 1, root->bytes, sizeof root->bytes);
	trie->root.encoded = encoded;
	return STATUS_OK;
}

static status nibbles_of_key(struct slice key, struct nibbles *nibbles)
{
	if (key.length > trie_max_key)
		return FAIL(STATUS_INTERNAL);
	*nibbles = nibbles_of(key);
	return STATUS_OK;
}

static size_t common_prefix(const struct trie_node *node, const struct nibbles *key, size_t position)
{
	struct nibbles rest = nibbles_after(key, position);
	return nibbles_common(&node->path, &rest);
}

/* Each step but the last goes at least a nibble on, so a trail has room for every node of a path. */
static void trail_push(struct trail *trail, struct trie_ref *ref)
{
	trail->refs[trail->count++] = ref;
}

static void trail_forget_encodings(const struct trail *trail)
{
	for (size_t i = 0; i < trail->count; i++)
		trail->refs[i]->encoded = NULL;
}

enum walk_end { WALK_FOUND, WALK_EMPTY, WALK_DIVERGED };

/*
 * Goes along the key as far as the trie has it. The last reference of the trail is, in turn, that of the node which holds the
 * value (or of the branch that could), the empty one where the key would go, or that of the node whose path leaves the key.
 * `position` is where its node's path begins.
 */
static status walk(struct trie *trie, const struct nibbles *key, struct trail *trail, size_t *position, enum walk_end *end)
{
	size_t at = 0;
	struct trie_ref *ref = &trie->root;
	trail->count = 0;
	for (;;) {
		trail_push(trail, ref);
		*position = at;
		if (trie_ref_is_empty(ref)) {
			*end = WALK_EMPTY;
			return STATUS_OK;
		}
		/* Most are there: the paths of a batch have their upper nodes in common. */
		if (ref->node == NULL)
			TRY(trie_load(trie, ref));
		struct trie_node *node = ref->node;
		if (node->kind == TRIE_BRANCH) {
			if (at == key->count) {
				*end = WALK_FOUND;
				return STATUS_OK;
			}
			ref = &node->children[nibbles_at(key, at++)];
			continue;
		}
		size_t common = common_prefix(node, key, at);
		bool is_leaf = node->kind == TRIE_LEAF;
		if (common < node->path.count || (is_leaf && at + common < key->count)) {
			*end = WALK_DIVERGED;
			return STATUS_OK;
		}
		if (is_leaf) {
			*end = WALK_FOUND;
			return STATUS_OK;
		}
		at += common;
		ref = node->children;
	}
}

status trie_get(struct trie *trie, struct slice key, struct slice *value)
{
	struct nibbles nibbles;
	struct trail trail;
	size_t position;
	enum walk_end end;
	TRY(nibbles_of_key(key, &nibbles));
	TRY(walk(trie, &nibbles, &trail, &position, &end));
	*value = end == WALK_FOUND ? trail.refs[trail.count - 1]->node->value : (struct slice){0};
	return STATUS_OK;
}

/* What is left of the key from `position` on, as a leaf. */
static status leaf_of_rest(struct trie *trie, const struct nibbles *key, size_t position, struct slice value, struct trie_ref *ref)
{
	struct nibbles path = nibbles_after(key, position);
	size_t length = nibbles_byte_count(&path);
	uint8_t *copy = arena_take(trie->arena, length);
	if (copy == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	bytes_copy(copy, path.bytes, length);
	path.bytes = copy;
	struct trie_node *leaf = trie_new_leaf(trie, path, value);
	if (leaf == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	*ref = (struct trie_ref){.node = leaf};
	return STATUS_OK;
}

/* Hangs what a leaf or an extension has after `common` nibbles into a branch. */
static status hang_rest(struct trie *trie, const struct trie_node *node, size_t common, struct trie_node *branch)
{
	if (common == node->path.count) {
		branch->value = node->value;
		return STATUS_OK;
	}
	struct nibbles rest = nibbles_after(&node->path, common + 1);
	struct trie_ref *child = &branch->children[nibbles_at(&node->path, common)];
	if (node->kind == TRIE_EXTENSION && rest.count == 0) {
		*child = *node->children;
		return STATUS_OK;
	}
	child->node = node->kind == TRIE_LEAF ? trie_new_leaf(trie, rest, node->value) : trie_new_extension(trie, rest, *node->children);
	return child->node == NULL ? FAIL(STATUS_OUT_OF_MEMORY) : STATUS_OK;
}

/* Puts a branch where the path of the node at `ref` leaves the key. */
static status split(struct trie *trie, struct trie_ref *ref, const struct nibbles *key, size_t position, struct slice value)
{
	const struct trie_node *node = ref->node;
	size_t common = common_prefix(node, key, position);
	struct trie_node *branch = trie_new_branch(trie);
	if (branch == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	TRY(hang_rest(trie, node, common, branch));
	size_t fork = position + common;
	if (fork == key->count)
		branch->value = value;
	else
		TRY(leaf_of_rest(trie, key, fork + 1, value, &branch->children[nibbles_at(key, fork)]));
	struct trie_ref top = {.node = branch};
	if (common > 0) {
		top.node = trie_new_extension(trie, nibbles_first(&node->path, common), (struct trie_ref){.node = branch});
		if (top.node == NULL)
			return FAIL(STATUS_OUT_OF_MEMORY);
	}
	*ref = top;
	return STATUS_OK;
}

/* As trie_put, but the value stays where it is. */
static status put_in_place(struct trie *trie, struct slice key, struct slice value)
{
	struct nibbles nibbles;
	struct trail trail;
	size_t position;
	enum walk_end end;
	TRY(nibbles_of_key(key, &nibbles));
	TRY(walk(trie, &nibbles, &trail, &position, &end));
	struct trie_ref *last = trail.refs[trail.count - 1];
	if (end == WALK_FOUND) {
		if (slice_equal(last->node->value, value))
			return STATUS_OK;
		last->node->value = value;
	} else if (end == WALK_EMPTY) {
		TRY(leaf_of_rest(trie, &nibbles, position, value, last));
	} else {
		TRY(split(trie, last, &nibbles, position, value));
	}
	trail_forget_encodings(&trail);
	return STATUS_OK;
}

status trie_put(struct trie *trie, struct slice key, struct slice value)
{
	if (value.length == 0)
		return FAIL(STATUS_INTERNAL);
	uint8_t *copy = arena_take(trie->arena, value.length);
	if (copy == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	memcpy(copy, value.data, value.length);
	return put_in_place(trie, key, slice_of(copy, value.length));
}

/* Joins the path before a node with the node's own, so that no extension leads to a leaf or an extension. */
static status join(struct trie *trie, const struct nibbles *before, struct trie_ref *ref)
{
	const struct trie_node *node = ref->node;
	size_t count = before->count + (size_t)node->path.count;
	if (count > trie_max_nibbles)
		return FAIL(STATUS_NODE_INVALID);
	/* It ends with a whole byte, as what is read does. */
	struct nibbles path = {.start = count % 2, .count = (uint8_t)count};
	uint8_t *bytes = arena_take_zeroed(trie->arena, nibbles_byte_count(&path), 1);
	if (bytes == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	for (size_t i = 0; i < count; i++) {
		size_t half = path.start + i;
		uint8_t nibble = i < before->count ? nibbles_at(before, i) : nibbles_at(&node->path, i - before->count);
		bytes[half / 2] |= (uint8_t)(half % 2 == 0 ? nibble << 4 : nibble);
	}
	path.bytes = bytes;
	struct trie_node *joined = node->kind == TRIE_LEAF        ? trie_new_leaf(trie, path, node->value)
	                           : node->kind == TRIE_EXTENSION ? trie_new_extension(trie, path, *node->children)
	                                                          : trie_new_extension(trie, path, *ref);
	if (joined == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	*ref = (struct trie_ref){.node = joined};
	return STATUS_OK;
}

/* A branch with one thing left is no branch: the neighbour, which the witness must hold, takes its place. */
static status collapse(struct trie *trie, struct trie_ref *ref)
{
	const struct trie_node *branch = ref->node;
	size_t children = 0;
	size_t last = 0;
	for (size_t i = 0; i < trie_branches; i++) {
		if (trie_ref_is_empty(&branch->children[i]))
			continue;
		children++;
		last = i;
	}
	if (children + (branch->value.length > 0) > 1)
		return STATUS_OK;
	if (children == 0) {
		*ref = (struct trie_ref){0};
		if (branch->value.length == 0)
			return STATUS_OK;
		static const uint8_t nothing[1] = {0};
		ref->node = trie_new_leaf(trie, (struct nibbles){.bytes = nothing}, branch->value);
		return ref->node == NULL ? FAIL(STATUS_OUT_OF_MEMORY) : STATUS_OK;
	}
	TRY(trie_load(trie, &branch->children[last]));
	uint8_t nibble = (uint8_t)last;
	*ref = branch->children[last];
	return join(trie, &(struct nibbles){.bytes = &nibble, .start = 1, .count = 1}, ref);
}

/* Puts a node into shape after the reference below it changed. */
static status restore(struct trie *trie, struct trie_ref *ref)
{
	const struct trie_node *node = ref->node;
	if (node->kind == TRIE_BRANCH)
		return collapse(trie, ref);
	/* The walk left a leaf only by ending there. */
	struct trie_ref child = *node->children;
	if (trie_ref_is_empty(&child)) {
		*ref = child;
		return STATUS_OK;
	}
	TRY(trie_load(trie, &child));
	if (child.node->kind == TRIE_BRANCH)
		return STATUS_OK;
	*ref = child;
	return join(trie, &node->path, ref);
}

status trie_delete(struct trie *trie, struct slice key)
{
	struct nibbles nibbles;
	struct trail trail;
	size_t position;
	enum walk_end end;
	TRY(nibbles_of_key(key, &nibbles));
	TRY(walk(trie, &nibbles, &trail, &position, &end));
	struct trie_ref *last = trail.refs[trail.count - 1];
	if (end != WALK_FOUND || last->node->value.length == 0)
		return STATUS_OK;
	trail_forget_encodings(&trail);
	size_t rest = trail.count;
	if (last->node->kind == TRIE_LEAF) {
		*last = (struct trie_ref){0};
		rest--;
	} else {
		last->node->value = (struct slice){0};
	}
	for (; rest > 0; rest--)
		TRY(restore(trie, trail.refs[rest - 1]));
	return STATUS_OK;
}

status trie_root(struct trie *trie, struct bytes32 *root)
{
	if (trie_is_empty(trie)) {
		*root = trie_empty_root;
		return STATUS_OK;
	}
	return trie_encode_root(trie, root);
}

status trie_ordered_root(struct arena *arena, const struct slice *items, size_t count, struct bytes32 *root)
{
	size_t mark = arena_mark(arena);
	struct trie trie;
	trie_init_empty(&trie, arena);
	for (size_t i = 0; i < count; i++) {
		uint8_t buffer[16];
		struct rlp_writer writer = rlp_writer_of(buffer, sizeof buffer);
		struct slice key;
		rlp_put_uint64(&writer, i);
		TRY(rlp_written(&writer, &key));
		if (items[i].length == 0)
			return FAIL(STATUS_INTERNAL);
		TRY(put_in_place(&trie, key, items[i]));
	}
	TRY(trie_root(&trie, root));
	arena_release(arena, mark);
	return STATUS_OK;
}
