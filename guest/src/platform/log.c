#include "platform/log.h"

#include "platform/platform.h"

/* The machine shows no more of one call. */
enum { max_part = 1 << 16 };

static void put_frame(enum log_kind kind, size_t length)
{
	uint32_t frame[2] = {kind, (uint32_t)length};
	platform_log(slice_of((const uint8_t *)frame, sizeof frame));
}

static void put(struct slice bytes)
{
	while (bytes.length > 0) {
		size_t length = bytes.length < max_part ? bytes.length : max_part;
		platform_log(slice_of(bytes.data, length));
		bytes = slice_of(bytes.data + length, bytes.length - length);
	}
}

void log_mark(enum log_kind kind)
{
	put_frame(kind, 0);
}

void log_record(enum log_kind kind, struct slice payload)
{
	put_frame(kind, payload.length);
	put(payload);
}

void log_parts(enum log_kind kind, struct slice head, struct slice rest)
{
	put_frame(kind, head.length + rest.length);
	put(head);
	put(rest);
}
