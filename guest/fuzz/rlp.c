#include "eth/rlp.h"

#include "base/u256.h"
#include "shared/fuzz.h"

/* Any bytes: what the reader accepts has this one encoding, and no reader leaves the bytes. */

enum { max_depth = 64 };

static void rewrite_list(struct rlp_writer *writer, struct rlp_reader list, int depth);

static void rewrite(struct rlp_writer *writer, struct slice encoded, int depth)
{
	struct rlp_reader inner;
	struct slice content;
	if (rlp_only_string(encoded, &content) == STATUS_OK) {
		rlp_put_string(writer, content);
	} else if (depth == max_depth || rlp_only_list(encoded, &inner) != STATUS_OK) {
		/* Not canonical further down: nobody has read it. */
		rlp_put_raw(writer, encoded);
	} else {
		const uint8_t *end = rlp_mark(writer);
		rewrite_list(writer, inner, depth + 1);
		rlp_put_list(writer, end);
	}
}

static void rewrite_list(struct rlp_writer *writer, struct rlp_reader list, int depth)
{
	struct slice item;
	if (rlp_at_end(&list))
		return;
	if (rlp_item(&list, &item) != STATUS_OK) {
		rlp_put_raw(writer, slice_of(list.at, (size_t)(list.end - list.at)));
		return;
	}
	rewrite_list(writer, list, depth);
	rewrite(writer, item, depth);
}

static void check_numbers(struct slice bytes)
{
	struct rlp_reader reader = rlp_reader_of(bytes);
	struct rlp_reader again = reader;
	uint64_t small;
	struct u256 large;
	uint8_t buffer[40];
	struct slice written;
	struct rlp_writer writer = rlp_writer_of(buffer, sizeof buffer);
	if (rlp_u256(&reader, &large) != STATUS_OK)
		return;
	REQUIRE((rlp_uint64(&again, &small) == STATUS_OK) == u256_fits_u64(&large));
	rlp_put_u256(&writer, &large);
	REQUIRE(rlp_written(&writer, &written) == STATUS_OK);
	REQUIRE(slice_equal(written, slice_of(bytes.data, (size_t)(reader.at - bytes.data))));
	if (u256_fits_u64(&large))
		REQUIRE(small == u256_low_u64(&large));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size);
	struct rlp_reader reader = rlp_reader_of(bytes);
	struct slice item;
	size_t count;
	failure_reset();
	(void)!rlp_count(reader, &count);
	check_numbers(bytes);
	if (rlp_item(&reader, &item) == STATUS_OK) {
		uint8_t *buffer = malloc(item.length);
		struct slice written;
		REQUIRE(buffer != NULL);
		struct rlp_writer writer = rlp_writer_of(buffer, item.length);
		rewrite(&writer, item, 0);
		REQUIRE(rlp_written(&writer, &written) == STATUS_OK);
		REQUIRE(slice_equal(written, item));
		free(buffer);
	}
	return 0;
}
