#include "eth/rlp.h"

#include "answer.h"

/*
 * Input: a list of strings. Prints for each whether it is one item of canonical RLP, inside too; if so, what a writer makes of it
 * (lists one level deep) must be the same.
 */

enum { max_depth = 64 };

/* Walks through nested lists with a stack of readers. */
static status check(struct slice encoded)
{
	struct rlp_reader stack[max_depth];
	size_t depth = 1;
	struct slice whole;
	stack[0] = rlp_reader_of(encoded);
	struct rlp_reader probe = stack[0];
	TRY(rlp_item(&probe, &whole));
	TRY(rlp_end(&probe));
	while (depth > 0) {
		struct rlp_reader *top = &stack[depth - 1];
		if (rlp_at_end(top)) {
			depth--;
		} else if (rlp_next_is_list(top)) {
			struct rlp_reader inner;
			TRY(rlp_list(top, &inner));
			if (depth == max_depth)
				return FAIL(STATUS_INTERNAL);
			stack[depth++] = inner;
		} else {
			struct slice ignored;
			TRY(rlp_string(top, &ignored));
		}
	}
	return STATUS_OK;
}

/* Writes the item again out of its parts. */
static status rewrite(struct slice encoded, struct arena *arena)
{
	uint8_t *buffer = arena_take(arena, encoded.length);
	if (buffer == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	struct rlp_writer writer = rlp_writer_of(buffer, encoded.length);
	struct rlp_reader reader = rlp_reader_of(encoded);
	struct slice written;
	if (rlp_next_is_list(&reader)) {
		struct rlp_reader content;
		const uint8_t *end = rlp_mark(&writer);
		TRY(rlp_list(&reader, &content));
		rlp_put_raw(&writer, slice_of(content.at, (size_t)(content.end - content.at)));
		rlp_put_list(&writer, end);
	} else {
		struct slice content;
		TRY(rlp_string(&reader, &content));
		rlp_put_string(&writer, content);
	}
	TRY(rlp_written(&writer, &written));
	return slice_equal(written, encoded) ? STATUS_OK : FAIL(STATUS_INTERNAL);
}

int main(void)
{
	struct slice input;
	struct arena arena;
	struct rlp_reader cases;
	if (platform_input(&input) != STATUS_OK || platform_memory(&arena) != STATUS_OK || rlp_only_list(input, &cases) != STATUS_OK)
		platform_halt(STATUS_INTERNAL);
	while (!rlp_at_end(&cases)) {
		struct slice one;
		status result = rlp_string(&cases, &one);
		size_t mark = arena_mark(&arena);
		if (result == STATUS_OK)
			result = check(one);
		if (result == STATUS_OK)
			result = rewrite(one, &arena);
		arena_release(&arena, mark);
		answer_number(result);
		answer_end_line();
		failure_reset();
	}
	platform_halt(STATUS_OK);
}
