#include "shared/rlp-mutator.h"

#include "eth/rlp.h"

enum { max_items = 1 << 14, max_depth = 10, pool_bytes = 1 << 22, max_leaf_growth = 64 };

enum kind { STRING, LIST, WRAPPED /* a string that holds a list */, TYPED /* a byte and a list in a string */ };

struct item {
	enum kind kind;
	uint8_t type;
	struct slice bytes; /* of a string */
	struct item *first, *next;
};

static struct item items[max_items];
static size_t item_count;
static uint8_t pool[pool_bytes];
static size_t pool_used;
static uint32_t state;

static uint32_t below(uint32_t limit)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % limit;
}

static struct item *parse(struct rlp_reader *reader, int depth);

/* The items of a list; false where it is not RLP all the way down. */
static bool parse_list(struct rlp_reader list, struct item **first, int depth)
{
	struct item **to = first;
	*first = NULL;
	while (!rlp_at_end(&list)) {
		*to = parse(&list, depth + 1);
		if (*to == NULL)
			return false;
		to = &(*to)->next;
	}
	return true;
}

static bool parse_inside(struct item *item, struct slice bytes, enum kind kind, int depth)
{
	struct rlp_reader list;
	size_t before = item_count;
	if (depth >= max_depth || bytes.length < 2 || rlp_only_list(bytes, &list) != STATUS_OK || !parse_list(list, &item->first, depth)) {
		item_count = before;
		item->first = NULL;
		return false;
	}
	item->kind = kind;
	return true;
}

static struct item *parse(struct rlp_reader *reader, int depth)
{
	if (item_count == max_items || depth > max_depth)
		return NULL;
	struct item *item = &items[item_count++];
	*item = (struct item){0};
	if (rlp_next_is_list(reader)) {
		struct rlp_reader list;
		item->kind = LIST;
		return rlp_list(reader, &list) == STATUS_OK && parse_list(list, &item->first, depth) ? item : NULL;
	}
	if (rlp_string(reader, &item->bytes) != STATUS_OK)
		return NULL;
	struct slice bytes = item->bytes;
	if (parse_inside(item, bytes, WRAPPED, depth) || bytes.length < 3 || bytes.data[0] >= 0x80)
		return item;
	item->type = bytes.data[0];
	(void)parse_inside(item, slice_of(bytes.data + 1, bytes.length - 1), TYPED, depth);
	return item;
}

static void write(struct rlp_writer *writer, const struct item *item);

static void write_all(struct rlp_writer *writer, const struct item *first)
{
	if (first == NULL)
		return;
	write_all(writer, first->next);
	write(writer, first);
}

static void write(struct rlp_writer *writer, const struct item *item)
{
	if (item->kind == STRING) {
		rlp_put_string(writer, item->bytes);
		return;
	}
	const uint8_t *end = rlp_mark(writer);
	write_all(writer, item->first);
	rlp_put_list(writer, end);
	if (item->kind == LIST || writer->overflow)
		return;
	if (item->kind == TYPED)
		rlp_put_raw(writer, slice_of(&item->type, 1));
	/* The prefix of the string around it: the content is there already, and longer than a byte. */
	size_t length = (size_t)(end - rlp_mark(writer));
	uint8_t prefix[9];
	struct rlp_writer around = rlp_writer_of(prefix, sizeof prefix);
	size_t count = 0;
	if (length > 55)
		for (size_t rest = length; rest > 0; rest >>= 8, count++) {
			uint8_t byte = (uint8_t)rest;
			rlp_put_raw(&around, slice_of(&byte, 1));
		}
	uint8_t first = (uint8_t)(length > 55 ? 0xb7 + count : 0x80 + length);
	rlp_put_raw(&around, slice_of(&first, 1));
	rlp_put_raw(writer, slice_of(around.at, (size_t)(around.end - around.at)));
}

static const char *const edges[] = {
	"", "\x00", "\x01", "\x7f", "\x80", "\xff",
	"\x01\x00", "\x20\x00", "\xef\x01\x00",
	"\x01\x00\x00\x01", "\xff\xff\xff\xff", "\xff\xff\xff\xff\xff\xff\xff\xff", "\x01\x00\x00\x00\x00\x00\x00\x00",
	"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	/* The order of secp256k1, and a half of it and one. */
	"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xba\xae\xdc\xe6\xaf\x48\xa0\x3b\xbf\xd2\x5e\x8c\xd0\x36\x41\x41",
	"\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x5d\x57\x6e\x73\x57\xa4\x50\x1d\xdf\xe9\x2f\x46\x68\x1b\x20\xa1",
};
static const uint8_t edge_lengths[] = {0, 1, 1, 1, 1, 1, 2, 2, 3, 4, 4, 8, 8, 32, 32, 32};
enum { edge_count = sizeof edge_lengths };

static void mutate_string(struct item *item)
{
	if (below(5) == 0) {
		size_t edge = below(edge_count);
		item->bytes = slice_of((const uint8_t *)edges[edge], edge_lengths[edge]);
		return;
	}
	/* Half of the fields have a fixed length, which a change should keep as often as not. */
	size_t room = item->bytes.length + (below(2) == 0 ? 0 : max_leaf_growth);
	if (room == 0 || room > pool_bytes - pool_used)
		return;
	uint8_t *copy = pool + pool_used;
	bytes_copy(copy, item->bytes.data, item->bytes.length);
	size_t length = LLVMFuzzerMutate(copy, item->bytes.length, room);
	pool_used += room;
	item->bytes = slice_of(copy, length);
}

/* The one before `item` among its siblings is unknown, so what is taken out or doubled is what comes next. */
static void mutate_siblings(struct item *item)
{
	struct item *next = item->next;
	if (next == NULL || item_count == max_items)
		return;
	struct item *copy = &items[item_count];
	switch (below(4)) {
	case 0:
		item->next = next->next;
		break;
	case 1:
		*copy = *next;
		item_count++;
		next->next = copy;
		break;
	case 2:
		if (next->next == NULL)
			return;
		item->next = next->next;
		next->next = item->next->next;
		item->next->next = next;
		break;
	default: {
		const struct item *other = &items[below((uint32_t)item_count)];
		if (other->kind == STRING) {
			next->kind = STRING;
			next->bytes = other->bytes;
		}
		break;
	}
	}
}

static void mutate_item(struct item *item)
{
	uint32_t what = below(10);
	if (what < 2) {
		mutate_siblings(item);
	} else if (item->kind == STRING && what < 9) {
		mutate_string(item);
	} else if (item->kind == STRING) {
		const struct item *other = &items[below((uint32_t)item_count)];
		if (other->kind == STRING)
			item->bytes = other->bytes;
		else
			*item = (struct item){.kind = LIST, .next = item->next};
	} else if (what < 3) {
		item->first = item->first == NULL ? NULL : item->first->next;
	} else if (what < 4) {
		item->kind = item->kind == LIST ? WRAPPED : LIST;
	} else if (what < 5) {
		item->type = (uint8_t)below(6);
	} else {
		struct item *inner = &items[below((uint32_t)item_count)];
		if (inner->kind == STRING)
			mutate_string(inner);
		else
			mutate_siblings(inner);
	}
}

size_t rlp_mutate(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	static uint8_t buffer[1 << 20];
	struct rlp_reader reader = rlp_reader_of(slice_of(data, size));
	state = seed * 2654435761u + 1;
	if (state == 0)
		state = 1;
	item_count = 0;
	pool_used = 0;
	failure_reset();
	struct item *root = size == 0 || below(50) == 0 ? NULL : parse(&reader, 0);
	if (root == NULL || max_size > sizeof buffer)
		return LLVMFuzzerMutate(data, size, max_size);
	for (uint32_t changes = 1 + below(3); changes > 0; changes--)
		mutate_item(&items[below((uint32_t)item_count)]);
	struct rlp_writer writer = rlp_writer_of(buffer, max_size);
	struct slice written;
	write(&writer, root);
	if (rlp_written(&writer, &written) != STATUS_OK)
		return LLVMFuzzerMutate(data, size, max_size);
	bytes_copy(data, written.data, written.length);
	return written.length;
}
