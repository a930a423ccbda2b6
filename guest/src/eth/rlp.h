#ifndef GUEST_ETH_RLP_H
#define GUEST_ETH_RLP_H

#include "base/bytes.h"
#include "base/status.h"

struct u256;

/*
 * Strict RLP: only the one canonical encoding of each item is read. A reader stands before the next item of a list and never
 * reads beyond the bytes it was given; a list inside is another reader, so nesting costs no recursion.
 */
struct rlp_reader {
	const uint8_t *at;
	const uint8_t *end;
};

struct rlp_reader rlp_reader_of(struct slice encoded);

static inline bool rlp_at_end(const struct rlp_reader *reader)
{
	return reader->at == reader->end;
}

/* Fails unless everything was read. */
status rlp_end(const struct rlp_reader *reader);

/* Whether the next item is a list; false at the end. */
static inline bool rlp_next_is_list(const struct rlp_reader *reader)
{
	return reader->at != reader->end && *reader->at >= 0xc0;
}

status rlp_string(struct rlp_reader *reader, struct slice *content);
status rlp_list(struct rlp_reader *reader, struct rlp_reader *content);
/* The next item with its prefix. The inside of a list is not looked at. */
status rlp_item(struct rlp_reader *reader, struct slice *encoded);
status rlp_skip(struct rlp_reader *reader);
/* How many items are left; the reader stays where it is. */
status rlp_count(struct rlp_reader reader, size_t *count);
/* A string that is the whole input. */
status rlp_only_string(struct slice encoded, struct slice *content);
/* A list that is the whole input. */
status rlp_only_list(struct slice encoded, struct rlp_reader *content);

/* Strings of exactly so many bytes. */
status rlp_fixed(struct rlp_reader *reader, void *bytes, size_t length);
status rlp_address(struct rlp_reader *reader, struct address *address);
status rlp_bytes32(struct rlp_reader *reader, struct bytes32 *bytes);
/* Integers: big-endian without leading zeros; of 8 and 32 bytes at most. */
status rlp_uint64(struct rlp_reader *reader, uint64_t *value);
status rlp_u256(struct rlp_reader *reader, struct u256 *value);

/*
 * A writer fills a buffer from its end to its start, so that the length of a list is known when its prefix is written: items are
 * put in reverse. What does not fit sets `overflow`, which rlp_written reports.
 */
struct rlp_writer {
	uint8_t *start;
	uint8_t *at;
	uint8_t *end;
	bool overflow;
};

struct rlp_writer rlp_writer_of(void *buffer, size_t size);
/* The bytes as they are. */
void rlp_put_raw(struct rlp_writer *writer, struct slice bytes);
void rlp_put_string(struct rlp_writer *writer, struct slice content);
void rlp_put_bytes(struct rlp_writer *writer, const void *content, size_t length);
void rlp_put_uint64(struct rlp_writer *writer, uint64_t value);
void rlp_put_u256(struct rlp_writer *writer, const struct u256 *value);
/* Makes a list of all that was put since the writer stood at `mark`. */
static inline const uint8_t *rlp_mark(const struct rlp_writer *writer)
{
	return writer->at;
}
void rlp_put_list(struct rlp_writer *writer, const uint8_t *mark);
status rlp_written(const struct rlp_writer *writer, struct slice *bytes);

/* Bytes that a prefix takes at most on this machine. */
enum { rlp_max_prefix = 5 };

/* For who knows beforehand how long a list will be: sizes, then writing forwards. Each write returns where the next one goes. */

/* Of the prefix of a list, or of a string of more than one byte, with so many bytes inside. */
size_t rlp_prefix_size(size_t length);
size_t rlp_string_size(struct slice content);
uint8_t *rlp_write_list_prefix(uint8_t *to, size_t length);
uint8_t *rlp_write_string(uint8_t *to, struct slice content);

#endif
