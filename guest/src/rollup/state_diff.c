#include "rollup/state_diff.h"

#include "base/sort.h"

enum {
	state_diff_version = 1,
	flag_nonce = 1 << 0,
	flag_balance = 1 << 1,
	code_kind_shift = 2,
	code_bytes = 1 << code_kind_shift,
	code_repeated = 2 << code_kind_shift,
	code_empty = 3 << code_kind_shift,
	flag_slots = 1 << 4,
	flag_absent = 1 << 5,
	max_uint = 33,
	max_account = 20 + 1 + 4 * max_uint,
};

struct writer {
	uint8_t *at;
	uint8_t *end;
	bool overflow;
};

static void put_bytes(struct writer *writer, const void *bytes, size_t length)
{
	if (length > (size_t)(writer->end - writer->at)) {
		writer->overflow = true;
		return;
	}
	bytes_copy(writer->at, bytes, length);
	writer->at += length;
}

static void put_byte(struct writer *writer, uint8_t byte)
{
	put_bytes(writer, &byte, 1);
}

/* The number of significant bytes, then those. */
static void put_u256(struct writer *writer, const struct u256 *value)
{
	uint8_t digits[32];
	size_t start = 0;
	u256_to_bytes(value, digits);
	while (start < sizeof digits && digits[start] == 0)
		start++;
	put_byte(writer, (uint8_t)(sizeof digits - start));
	put_bytes(writer, digits + start, sizeof digits - start);
}

static void put_uint(struct writer *writer, uint64_t value)
{
	struct u256 wide = u256_from_u64(value);
	put_u256(writer, &wide);
}

/* For each change, by its index: whose code it has, the first by address, and the number of that code in the diff. */
struct codes {
	const struct account_change *changes;
	const struct account_change **first;
	size_t *number;
	size_t count;
};

static int by_code(const void *a, const void *b)
{
	const struct account_change *x = a;
	const struct account_change *y = b;
	int order = memcmp(x->code_hash.bytes, y->code_hash.bytes, sizeof x->code_hash.bytes);
	return order != 0 ? order : x < y ? -1 : x > y;
}

/* By sorting: a search among all codes that went before would take a time that grows with the square of them. */
static status codes_init(struct codes *codes, const struct account_change *changes, size_t count, struct arena *arena)
{
	const void **sorted = arena_take_array(arena, count, sizeof *sorted);
	const void **scratch = arena_take_array(arena, count, sizeof *scratch);
	*codes = (struct codes){
		.changes = changes,
		.first = arena_take_array(arena, count, sizeof *codes->first),
		.number = arena_take_array(arena, count, sizeof *codes->number),
	};
	if (sorted == NULL || scratch == NULL || codes->first == NULL || codes->number == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	size_t with_code = 0;
	for (size_t i = 0; i < count; i++)
		if (changes[i].code_changed)
			sorted[with_code++] = &changes[i];
	sort_pointers(sorted, scratch, with_code, by_code);
	const struct account_change *first = NULL;
	for (size_t i = 0; i < with_code; i++) {
		const struct account_change *change = sorted[i];
		if (first == NULL || !bytes32_equal(&first->code_hash, &change->code_hash))
			first = change;
		codes->first[change - changes] = first;
	}
	return STATUS_OK;
}

static void put_account(struct writer *writer, const struct account_change *change, struct codes *codes)
{
	put_bytes(writer, change->address.bytes, sizeof change->address.bytes);
	if (!change->exists) {
		put_byte(writer, flag_absent);
		return;
	}
	size_t index = (size_t)(change - codes->changes);
	unsigned code_kind = !change->code_changed                    ? 0
	                     : change->code.length == 0           ? code_empty
	                     : codes->first[index] == change ? code_bytes
	                                                     : code_repeated;
	put_byte(writer, (uint8_t)((change->nonce_changed ? flag_nonce : 0) | (change->balance_changed ? flag_balance : 0) | code_kind |
	                           (change->slot_count > 0 ? flag_slots : 0)));
	if (change->nonce_changed)
		put_uint(writer, change->nonce);
	if (change->balance_changed)
		put_u256(writer, &change->balance);
	if (code_kind == code_repeated)
		put_uint(writer, codes->number[codes->first[index] - codes->changes]);
	if (code_kind == code_bytes) {
		codes->number[index] = codes->count++;
		put_uint(writer, change->code.length);
		put_bytes(writer, change->code.data, change->code.length);
	}
	if (change->slot_count == 0)
		return;
	put_uint(writer, change->slot_count);
	for (size_t i = 0; i < change->slot_count; i++) {
		put_u256(writer, &change->slots[i].key);
		put_u256(writer, &change->slots[i].value);
	}
}

/* All of it is in memory already, most of it larger than here. */
static size_t size_bound(struct slice header, const struct account_change *changes, size_t count)
{
	size_t size = 1 + 2 * max_uint + header.length;
	for (size_t i = 0; i < count; i++)
		size += max_account + changes[i].code.length + changes[i].slot_count * 2 * max_uint;
	return size;
}

status state_diff_encode(struct slice header, const struct account_change *changes, size_t count, struct arena *arena, struct slice *encoded)
{
	size_t size = size_bound(header, changes, count);
	uint8_t *buffer = arena_take(arena, size);
	struct codes codes;
	if (buffer == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	TRY(codes_init(&codes, changes, count, arena));
	struct writer writer = {.at = buffer, .end = buffer + size};
	put_byte(&writer, state_diff_version);
	put_uint(&writer, header.length);
	put_bytes(&writer, header.data, header.length);
	put_uint(&writer, count);
	for (size_t i = 0; i < count; i++)
		put_account(&writer, &changes[i], &codes);
	if (writer.overflow)
		return FAIL(STATUS_INTERNAL);
	*encoded = slice_of(buffer, (size_t)(writer.at - buffer));
	return STATUS_OK;
}
