#ifndef GUEST_PLATFORM_LOG_H
#define GUEST_PLATFORM_LOG_H

#include "base/bytes.h"

/*
 * What the guest tells whoever runs it (docs/formats.md §7): how far it is, and why it refuses. A proof says nothing of it, and nothing
 * depends on it. Numbers are never reused.
 */
enum log_kind {
	LOG_BLOCK = 1, /* its number, 8 bytes; then what belongs to it */
	LOG_BLOCK_END = 2,
	LOG_TRANSACTION = 3,
	LOG_TRANSACTION_END = 4,
	LOG_FAILURE = 5,  /* status, detail, line: 4 bytes each; name of the source file */
	LOG_MISMATCH = 6, /* number of the header's field, 4 bytes; the value that it ought to have */
	LOG_RECEIPT = 7,  /* of a block that is refused, in order */
	LOG_STATE_DIFF = 8,
	LOG_PUBLIC_INPUTS = 9,
};

void log_mark(enum log_kind kind);
void log_record(enum log_kind kind, struct slice payload);
/* A record of two parts. */
void log_parts(enum log_kind kind, struct slice head, struct slice rest);

#endif
