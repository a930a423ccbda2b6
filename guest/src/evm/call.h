#ifndef GUEST_EVM_CALL_H
#define GUEST_EVM_CALL_H

#include "evm/frame.h"

/* A call that is about to happen; depth, balance and gas were checked, and the gas taken from the caller. */
struct call {
	struct address caller;
	struct address address;      /* whose storage and balance it is */
	struct address code_address; /* whose code runs */
	struct slice code;           /* init code for a creation */
	struct slice input;
	struct u256 value;
	bool transfers_value;
	bool is_static;
	bool is_precompile;
	bool is_delegated; /* EIP-7702: code_address is what the account delegates to, and `code` not yet that */
	bool is_create;
	uint16_t depth;
	uint64_t gas;
};

/*
 * Either puts a frame on top, or is done at once and hands the result to the frame on top (or to evm->result where there is none).
 */
enum step call_begin(struct evm *evm, const struct call *call);

/* Ends the frame on top, for a reason that is STEP_STOP, STEP_REVERT or STEP_HALT, and hands the result to the one below. */
enum step call_end(struct evm *evm, enum step reason);

/* What a call or a creation came to, for the frame on top. */
enum step call_deliver(struct evm *evm, enum evm_outcome outcome, uint64_t gas_left, struct slice output);

#endif
