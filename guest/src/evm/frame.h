#ifndef GUEST_EVM_FRAME_H
#define GUEST_EVM_FRAME_H

#include "evm/evm.h"
#include "evm/gas.h"
#include "evm/jump_targets.h"

/* What an operation tells the interpreter. */
enum __attribute__((warn_unused_result)) step {
	STEP_NEXT,
	STEP_SWITCH, /* another frame is on top, or the outermost message is done */
	STEP_STOP,   /* success; frame->output is set */
	STEP_REVERT, /* likewise */
	STEP_HALT,
	STEP_FAIL    /* not the EVM's doing: evm->failure says what */
};

/* What the frame that called waits for. */
struct pending {
	bool is_create;
	uint32_t output_offset; /* where in memory the output goes, and how much of it */
	uint32_t output_length;
	struct address created;
};

struct frame {
	struct frame *parent;
	const uint8_t *code;
	uint32_t code_length;
	uint32_t pc;
	uint64_t gas;
	/* Grows down: top[0] is the item on top. */
	struct u256 *top;
	struct u256 *stack_end;
	uint8_t *memory;
	uint32_t memory_size; /* a multiple of 32 */
	struct jump_targets *targets; /* null until the first jump, unless the code is init code */
	struct slice input;
	struct slice output;
	struct address address;
	struct address caller;
	struct address code_address;
	struct u256 value;
	bool is_static;
	bool is_create;
	uint16_t depth;
	state_snapshot_id snapshot;
	struct pending pending;
};

/*
 * The scratch memory: frames, each followed by its memory, from below; operand stacks, without gaps, from above. What the last
 * call returned stands right behind the memory of the frame on top, so it moves when that memory grows.
 */
struct evm {
	struct state *state;
	struct arena *lasting;
	struct arena *scratch;
	uint8_t *scratch_start;
	struct frame *frame; /* on top; null when the outermost message is done */
	struct slice return_data;
	struct evm_block block;
	struct evm_transaction transaction;
	struct evm_result *result;
	status failure;
	struct jump_target_cache jump_targets;
};

static inline enum step evm_fail(struct evm *evm, status code)
{
	evm->failure = code;
	return STEP_FAIL;
}

/* For what may lack a part of the witness. */
#define STATE(call)                               \
	do {                                          \
		status state_status_ = (call);            \
		if (state_status_ != STATUS_OK)           \
			return evm_fail(evm, state_status_);  \
	} while (0)

#define STEP(call)                       \
	do {                                 \
		enum step step_ = (call);        \
		if (step_ != STEP_NEXT)          \
			return step_;                \
	} while (0)

#define CHARGE(amount)                       \
	do {                                     \
		uint64_t charge_ = (amount);         \
		if (frame->gas < charge_)            \
			return STEP_HALT;                \
		frame->gas -= charge_;               \
	} while (0)

static inline uint64_t words_of(uint32_t length)
{
	return ((uint64_t)length + 31) / 32;
}

static inline void push_u64(struct frame *frame, uint64_t value)
{
	*--frame->top = u256_from_u64(value);
}

/* Charges 2600 or 100, and makes the address warm. Nothing is read from the state. */
enum step evm_touch_address(struct evm *evm, struct frame *frame, const struct address *address);

#endif
