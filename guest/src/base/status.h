#ifndef GUEST_BASE_STATUS_H
#define GUEST_BASE_STATUS_H

#include <stdint.h>

/* Why a run ended without a digest. The numbers are the guest's exit codes: they are never reused. */
enum __attribute__((warn_unused_result)) status {
	STATUS_OK = 0,

	/* The machine */
	STATUS_OUT_OF_MEMORY = 1,
	STATUS_INTERNAL = 2, /* a state that the code itself excludes */
	STATUS_HINT = 4,     /* the prover's answer to a hint is wrong; 3 was a precompile that an earlier build lacked */

	/* The input */
	STATUS_INPUT_TRUNCATED = 10,
	STATUS_INPUT_TOO_LONG = 11,
	STATUS_RLP = 12, /* not canonical RLP, or not of the shape that stands here */
	STATUS_INPUT_VERSION = 13,
	STATUS_INPUT_ORDER = 14, /* nodes or codes that do not ascend */

	/* The witness */
	STATUS_NODE_MISSING = 20,
	STATUS_NODE_INVALID = 21,
	STATUS_CODE_MISSING = 22,
	STATUS_ACCOUNT_INVALID = 23,

	/* A block */
	STATUS_HEADER = 30, /* the detail is the index of the header's field */
	STATUS_BODY = 31,
	STATUS_TRANSACTION = 32, /* the detail is an enum transaction_fault */
	STATUS_SIGNATURE = 33,
	STATUS_GAS_USED = 34,
	STATUS_RECEIPTS_ROOT = 35,
	STATUS_LOGS_BLOOM = 36,
	STATUS_STATE_ROOT = 37,
	STATUS_TRANSACTIONS_ROOT = 38,
	STATUS_WITHDRAWALS_ROOT = 39,
	STATUS_REQUESTS_HASH = 40,

	/* The rollup's rules */
	STATUS_INBOX = 50,
	STATUS_BEACON_ROOT = 51,
	STATUS_BATCH = 52,
	STATUS_DIFF = 53,
	STATUS_MESSAGES = 54,
};

typedef enum status status;

/* The first failure since the last reset. It sticks: no digest leaves the program once it is set. */
struct failure {
	status code;
	uint32_t detail;
	uint32_t line;
	const char *file;
};

status failure_set(status code, uint32_t detail, const char *file, uint32_t line);
const struct failure *failure_first(void);
void failure_reset(void);

#define FAIL(code) failure_set((code), 0, __FILE_NAME__, __LINE__)
#define FAIL_WITH(code, detail) failure_set((code), (uint32_t)(detail), __FILE_NAME__, __LINE__)

#define TRY(call)                          \
	do {                                   \
		status try_status_ = (call);       \
		if (try_status_ != STATUS_OK)      \
			return try_status_;            \
	} while (0)

#endif
