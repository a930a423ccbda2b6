#include "eth/rlp.h"

#include "base/u256.h"

enum {
	short_string = 0x80,
	short_list = 0xc0,
	max_short = 55,
};

struct rlp_reader rlp_reader_of(struct slice encoded)
{
	/* A null pointer takes no arithmetic, and an empty input needs none. */
	static const uint8_t nothing[1] = {0};
	const uint8_t *at = encoded.length == 0 ? nothing : encoded.data;
	return (struct rlp_reader){.at = at, .end = at + encoded.length};
}

status rlp_end(const struct rlp_reader *reader)
{
	return rlp_at_end(reader) ? STATUS_OK : FAIL(STATUS_RLP);
}

struct span {
	const uint8_t *content;
	const uint8_t *end;
	bool is_list;
};

/* The length of a long item: `count` bytes, no leading zero, more than a short item could hold. */
static status long_length(const uint8_t *at, size_t available, size_t count, size_t *length)
{
	if (count > available || at[0] == 0)
		return FAIL(STATUS_RLP);
	if (count > 4)
		return FAIL(STATUS_RLP);
	size_t value = 0;
	for (size_t i = 0; i < count; i++)
		value = value << 8 | at[i];
	if (value <= max_short)
		return FAIL(STATUS_RLP);
	*length = value;
	return STATUS_OK;
}

static status next(const struct rlp_reader *reader, struct span *span)
{
	const uint8_t *at = reader->at;
	size_t available = (size_t)(reader->end - at);
	if (available == 0)
		return FAIL(STATUS_RLP);
	uint8_t first = at[0];
	if (first < short_string) {
		*span = (struct span){.content = at, .end = at + 1, .is_list = false};
		return STATUS_OK;
	}
	bool is_list = first >= short_list;
	size_t kind = is_list ? (size_t)(first - short_list) : (size_t)(first - short_string);
	size_t prefix = 1;
	size_t length = kind;
	if (kind > max_short) {
		size_t count = kind - max_short;
		TRY(long_length(at + 1, available - 1, count, &length));
		prefix += count;
	}
	if (length > available - prefix)
		return FAIL(STATUS_RLP);
	if (!is_list && length == 1 && at[prefix] < short_string)
		return FAIL(STATUS_RLP);
	*span = (struct span){.content = at + prefix, .end = at + prefix + length, .is_list = is_list};
	return STATUS_OK;
}

status rlp_string(struct rlp_reader *reader, struct slice *content)
{
	struct span span;
	TRY(next(reader, &span));
	if (span.is_list)
		return FAIL(STATUS_RLP);
	*content = slice_of(span.content, (size_t)(span.end - span.content));
	reader->at = span.end;
	return STATUS_OK;
}

status rlp_list(struct rlp_reader *reader, struct rlp_reader *content)
{
	struct span span;
	TRY(next(reader, &span));
	if (!span.is_list)
		return FAIL(STATUS_RLP);
	*content = (struct rlp_reader){.at = span.content, .end = span.end};
	reader->at = span.end;
	return STATUS_OK;
}

status rlp_item(struct rlp_reader *reader, struct slice *encoded)
{
	struct span span;
	TRY(next(reader, &span));
	*encoded = slice_of(reader->at, (size_t)(span.end - reader->at));
	reader->at = span.end;
	return STATUS_OK;
}

status rlp_skip(struct rlp_reader *reader)
{
	struct slice ignored;
	return rlp_item(reader, &ignored);
}

status rlp_count(struct rlp_reader reader, size_t *count)
{
	size_t items = 0;
	while (!rlp_at_end(&reader)) {
		TRY(rlp_skip(&reader));
		items++;
	}
	*count = items;
	return STATUS_OK;
}

status rlp_only_string(struct slice encoded, struct slice *content)
{
	struct rlp_reader reader = rlp_reader_of(encoded);
	TRY(rlp_string(&reader, content));
	return rlp_end(&reader);
}

status rlp_only_list(struct slice encoded, struct rlp_reader *content)
{
	struct rlp_reader reader = rlp_reader_of(encoded);
	TRY(rlp_list(&reader, content));
	return rlp_end(&reader);
}

status rlp_fixed(struct rlp_reader *reader, void *bytes, size_t length)
{
	struct slice content;
	TRY(rlp_string(reader, &content));
	if (content.length != length)
		return FAIL(STATUS_RLP);
	bytes_copy(bytes, content.data, length);
	return STATUS_OK;
}

status rlp_address(struct rlp_reader *reader, struct address *address)
{
	return rlp_fixed(reader, address->bytes, sizeof address->bytes);
}

status rlp_bytes32(struct rlp_reader *reader, struct bytes32 *bytes)
{
	return rlp_fixed(reader, bytes->bytes, sizeof bytes->bytes);
}

static status integer(struct rlp_reader *reader, size_t max_length, struct slice *digits)
{
	TRY(rlp_string(reader, digits));
	if (digits->length > max_length || (digits->length > 0 && digits->data[0] == 0))
		return FAIL(STATUS_RLP);
	return STATUS_OK;
}

status rlp_uint64(struct rlp_reader *reader, uint64_t *value)
{
	struct slice digits;
	TRY(integer(reader, 8, &digits));
	uint64_t sum = 0;
	for (size_t i = 0; i < digits.length; i++)
		sum = sum << 8 | digits.data[i];
	*value = sum;
	return STATUS_OK;
}

status rlp_u256(struct rlp_reader *reader, struct u256 *value)
{
	struct slice digits;
	TRY(integer(reader, 32, &digits));
	uint8_t padded[32] = {0};
	bytes_copy(padded + 32 - digits.length, digits.data, digits.length);
	u256_from_bytes(value, padded);
	return STATUS_OK;
}

struct rlp_writer rlp_writer_of(void *buffer, size_t size)
{
	uint8_t *start = buffer;
	return (struct rlp_writer){.start = start, .at = start + size, .end = start + size, .overflow = false};
}

static uint8_t *room(struct rlp_writer *writer, size_t length)
{
	if (length > (size_t)(writer->at - writer->start)) {
		writer->overflow = true;
		return NULL;
	}
	writer->at -= length;
	return writer->at;
}

void rlp_put_raw(struct rlp_writer *writer, struct slice bytes)
{
	uint8_t *to = room(writer, bytes.length);
	if (to != NULL)
		bytes_copy(to, bytes.data, bytes.length);
}

static void put_byte(struct rlp_writer *writer, uint8_t byte)
{
	uint8_t *to = room(writer, 1);
	if (to != NULL)
		*to = byte;
}

static void put_prefix(struct rlp_writer *writer, uint8_t kind, size_t length)
{
	if (length <= max_short) {
		put_byte(writer, (uint8_t)(kind + length));
		return;
	}
	uint8_t count = 0;
	for (size_t rest = length; rest > 0; rest >>= 8) {
		put_byte(writer, (uint8_t)rest);
		count++;
	}
	put_byte(writer, (uint8_t)(kind + max_short + count));
}

static bool stands_for_itself(struct slice content)
{
	return content.length == 1 && content.data[0] < short_string;
}

void rlp_put_string(struct rlp_writer *writer, struct slice content)
{
	rlp_put_raw(writer, content);
	if (!stands_for_itself(content))
		put_prefix(writer, short_string, content.length);
}

void rlp_put_bytes(struct rlp_writer *writer, const void *content, size_t length)
{
	rlp_put_string(writer, slice_of(content, length));
}

void rlp_put_uint64(struct rlp_writer *writer, uint64_t value)
{
	uint8_t digits[8];
	size_t start = sizeof digits;
	for (; value > 0; value >>= 8)
		digits[--start] = (uint8_t)value;
	rlp_put_bytes(writer, digits + start, sizeof digits - start);
}

void rlp_put_u256(struct rlp_writer *writer, const struct u256 *value)
{
	uint8_t digits[32];
	u256_to_bytes(value, digits);
	size_t start = 0;
	while (start < sizeof digits && digits[start] == 0)
		start++;
	rlp_put_bytes(writer, digits + start, sizeof digits - start);
}

void rlp_put_list(struct rlp_writer *writer, const uint8_t *mark)
{
	/* After an overflow the mark may lie below `at` no more; the bytes are lost anyway. */
	if (!writer->overflow)
		put_prefix(writer, short_list, (size_t)(mark - writer->at));
}

status rlp_written(const struct rlp_writer *writer, struct slice *bytes)
{
	if (writer->overflow)
		return FAIL(STATUS_INTERNAL);
	*bytes = slice_of(writer->at, (size_t)(writer->end - writer->at));
	return STATUS_OK;
}

size_t rlp_prefix_size(size_t length)
{
	if (length <= max_short)
		return 1;
	return length <= 0xff ? 2 : length <= 0xffff ? 3 : length <= 0xffffff ? 4 : 5;
}

size_t rlp_string_size(struct slice content)
{
	return stands_for_itself(content) ? 1 : rlp_prefix_size(content.length) + content.length;
}

static uint8_t *write_prefix(uint8_t *to, uint8_t kind, size_t length)
{
	if (length <= max_short) {
		*to++ = (uint8_t)(kind + length);
		return to;
	}
	size_t count = rlp_prefix_size(length) - 1;
	*to++ = (uint8_t)(kind + max_short + count);
	while (count > 0)
		*to++ = (uint8_t)(length >> (8 * --count));
	return to;
}

uint8_t *rlp_write_list_prefix(uint8_t *to, size_t length)
{
	return write_prefix(to, short_list, length);
}

uint8_t *rlp_write_string(uint8_t *to, struct slice content)
{
	if (!stands_for_itself(content))
		to = write_prefix(to, short_string, content.length);
	bytes_copy(to, content.data, content.length);
	return to + content.length;
}
