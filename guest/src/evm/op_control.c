#include "evm/memory.h"
#include "evm/operations.h"

enum step op_invalid(struct evm *evm, struct frame *frame)
{
	(void)evm;
	(void)frame;
	return STEP_HALT;
}

enum step op_stop(struct evm *evm, struct frame *frame)
{
	(void)evm;
	frame->output = (struct slice){0};
	return STEP_STOP;
}

static enum step find_targets(struct evm *evm, struct frame *frame)
{
	struct bytes32 hash;
	STATE(state_code_hash(evm->state, &frame->code_address, &hash));
	uint32_t keyed_hash = state_keyed_hash(evm->state, &hash);
	frame->targets = jump_target_cache_find(&evm->jump_targets, evm->lasting, &hash, keyed_hash, frame->code_length);
	return frame->targets == NULL ? evm_fail(evm, FAIL(STATUS_OUT_OF_MEMORY)) : STEP_NEXT;
}

static enum step jump(struct evm *evm, struct frame *frame, const struct u256 *destination)
{
	if (frame->targets == NULL)
		STEP(find_targets(evm, frame));
	if (!u256_fits_u32(destination) || !jump_targets_contain(frame->targets, frame->code, destination->limb[0]))
		return STEP_HALT;
	frame->pc = destination->limb[0];
	return STEP_NEXT;
}

enum step op_jump(struct evm *evm, struct frame *frame)
{
	STEP(jump(evm, frame, frame->top));
	frame->top++;
	return STEP_NEXT;
}

enum step op_jumpi(struct evm *evm, struct frame *frame)
{
	if (!u256_is_zero(&frame->top[1]))
		STEP(jump(evm, frame, frame->top));
	frame->top += 2;
	return STEP_NEXT;
}

enum step op_pc(struct evm *evm, struct frame *frame)
{
	(void)evm;
	push_u64(frame, frame->pc - 1);
	return STEP_NEXT;
}

enum step op_gas(struct evm *evm, struct frame *frame)
{
	(void)evm;
	push_u64(frame, frame->gas);
	return STEP_NEXT;
}

static enum step take_output(struct evm *evm, struct frame *frame)
{
	struct range range;
	STEP(memory_reach(evm, frame, &frame->top[0], &frame->top[1], &range));
	frame->output = memory_slice(frame, range);
	return STEP_NEXT;
}

enum step op_return(struct evm *evm, struct frame *frame)
{
	STEP(take_output(evm, frame));
	return STEP_STOP;
}

enum step op_revert(struct evm *evm, struct frame *frame)
{
	STEP(take_output(evm, frame));
	return STEP_REVERT;
}
