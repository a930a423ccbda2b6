#ifndef GUEST_TEST_ANSWER_H
#define GUEST_TEST_ANSWER_H

#include "base/bytes.h"
#include "platform/platform.h"

#ifndef __riscv
#include <stdio.h>
#endif

/*
 * What a driver answers, in text: standard output on the host; in the machine records of the log, of a kind that the guest itself
 * does not have (platform/log.h). A line is out once it is ended.
 */
enum { answer_record = 64 };

static struct {
	size_t length;
	uint8_t bytes[1 << 12];
} answer_pending;

static inline void answer_flush(void)
{
#ifdef __riscv
	uint32_t frame[2] = {answer_record, answer_pending.length};
	platform_log(slice_of((const uint8_t *)frame, sizeof frame));
	platform_log(slice_of(answer_pending.bytes, answer_pending.length));
#else
	fwrite(answer_pending.bytes, 1, answer_pending.length, stdout);
	fflush(stdout);
#endif
	answer_pending.length = 0;
}

static inline void answer_byte(uint8_t byte)
{
	if (answer_pending.length == sizeof answer_pending.bytes)
		answer_flush();
	answer_pending.bytes[answer_pending.length++] = byte;
}

static inline void answer_text(const char *text)
{
	while (*text != 0)
		answer_byte((uint8_t)*text++);
}

static inline void answer_number(uint64_t number)
{
	uint8_t digits[20];
	size_t count = 0;
	do {
		digits[count++] = (uint8_t)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	while (count > 0)
		answer_byte(digits[--count]);
}

/* With the prefix 0x. */
static inline void answer_hex(const uint8_t *bytes, size_t length)
{
	static const uint8_t digits[] = "0123456789abcdef";
	answer_text("0x");
	for (size_t i = 0; i < length; i++) {
		answer_byte(digits[bytes[i] >> 4]);
		answer_byte(digits[bytes[i] & 15]);
	}
}

static inline void answer_end_line(void)
{
	answer_byte('\n');
	answer_flush();
}

/* ` STATUS DETAIL` of what failed first since the last reset, which it does. */
static inline void answer_failure(void)
{
	const struct failure *failure = failure_first();
	answer_text(" ");
	answer_number(failure == NULL ? STATUS_OK : failure->code);
	answer_text(" ");
	answer_number(failure == NULL ? 0 : failure->detail);
	failure_reset();
}

#endif
