#include "evm/call.h"

#include "evm/memory.h"
#include "evm/precompiles.h"

/* Frames are aligned like operand stacks. */
enum { frame_alignment = 16 };

static uint8_t *align_up(uint8_t *pointer)
{
	return pointer + (frame_alignment - (uintptr_t)pointer % frame_alignment) % frame_alignment;
}

static enum step push_frame(struct evm *evm, const struct call *call, state_snapshot_id snapshot)
{
	uint8_t *low = align_up(scratch_low(evm));
	uint8_t *end = evm->scratch->base + evm->scratch->size;
	struct u256 *stack_end = evm->frame == NULL ? (struct u256 *)(void *)(end - (uintptr_t)end % frame_alignment) : evm->frame->top;
	size_t targets_size = call->is_create ? jump_targets_size((uint32_t)call->code.length) : 0;
	size_t needed = sizeof(struct frame) + targets_size + 2 * frame_alignment + evm_max_stack * sizeof(struct u256);
	if ((uint8_t *)stack_end < low || (size_t)((uint8_t *)stack_end - low) < needed)
		return evm_fail(evm, FAIL(STATUS_OUT_OF_MEMORY));
	struct frame *frame = (struct frame *)(void *)low;
	low = align_up(low + sizeof *frame);
	struct jump_targets *targets = call->is_create ? jump_targets_begin(low, (uint32_t)call->code.length) : NULL;
	*frame = (struct frame){
		.parent = evm->frame,
		.code = call->code.data,
		.code_length = (uint32_t)call->code.length,
		.gas = call->gas,
		.top = stack_end,
		.stack_end = stack_end,
		.memory = align_up(low + targets_size),
		.targets = targets,
		.input = call->input,
		.address = call->address,
		.caller = call->caller,
		.code_address = call->code_address,
		.value = call->value,
		.is_static = call->is_static,
		.is_create = call->is_create,
		.depth = call->depth,
		.snapshot = snapshot,
	};
	evm->frame = frame;
	evm->return_data = (struct slice){0};
	return STEP_SWITCH;
}

/*
 * False where the receiver would hold 2^256 Wei or more, which no ether that has a source adds up to: only a devnet's cheats lead
 * there. The call then comes back at once, as in @ethereumjs/evm, or else anybody could end all proving with a payment to a rich account.
 */
static enum step transfer(struct evm *evm, const struct call *call, bool *fits)
{
	bool enough;
	struct u256 balance;
	*fits = true;
	if (!call->transfers_value || u256_is_zero(&call->value))
		return STEP_NEXT;
	STATE(state_sub_balance(evm->state, &call->caller, &call->value, &enough));
	if (!enough)
		return evm_fail(evm, FAIL(STATUS_INTERNAL));
	STATE(state_balance(evm->state, &call->address, &balance));
	*fits = !u256_add(&balance, &balance, &call->value);
	if (*fits)
		STATE(state_add_balance(evm->state, &call->address, &call->value));
	return STEP_NEXT;
}

static enum step run_precompile(struct evm *evm, const struct call *call, state_snapshot_id snapshot)
{
	uint8_t *low = align_up(scratch_low(evm));
	uint8_t *high = scratch_high(evm);
	struct arena scratch;
	struct precompile_result result;
	arena_init(&scratch, low, high > low ? (size_t)(high - low) : 0);
	STATE(precompile_run(&call->code_address, evm->block.fork, call->input, call->gas, &scratch, &result));
	if (result.success)
		return call_deliver(evm, EVM_SUCCESS, result.gas_left, result.output);
	state_revert(evm->state, snapshot);
	return call_deliver(evm, EVM_HALT, 0, (struct slice){0});
}

enum step call_begin(struct evm *evm, const struct call *call)
{
	state_snapshot_id snapshot = state_snapshot(evm->state);
	if (call->is_create)
		STATE(state_create_contract(evm->state, &call->address));
	bool fits;
	STEP(transfer(evm, call, &fits));
	if (!fits) {
		state_revert(evm->state, snapshot);
		return call_deliver(evm, EVM_REVERT, call->gas, (struct slice){0});
	}
	if (call->is_precompile)
		return run_precompile(evm, call, snapshot);
	if (call->code.length == 0 && !call->is_create)
		return call_deliver(evm, EVM_SUCCESS, call->gas, (struct slice){0});
	return push_frame(evm, call, snapshot);
}

/* Puts the result on the stack and the output into the memory of the frame that called. */
static enum step deliver_to_frame(struct evm *evm, struct frame *frame, enum evm_outcome outcome, struct slice output)
{
	const struct pending *pending = &frame->pending;
	if (pending->is_create) {
		if (outcome == EVM_SUCCESS)
			u256_from_address(--frame->top, &pending->created);
		else
			push_u64(frame, 0);
		/* A creation returns data only where it reverts. */
		return return_data_set(evm, outcome == EVM_REVERT ? output : (struct slice){0});
	}
	push_u64(frame, outcome == EVM_SUCCESS);
	/* First, because the output of the identity precompile is a part of the memory that is overwritten. */
	STEP(return_data_set(evm, output));
	size_t copied = output.length < pending->output_length ? output.length : pending->output_length;
	if (copied > 0)
		memcpy(frame->memory + pending->output_offset, evm->return_data.data, copied);
	return STEP_NEXT;
}

enum step call_deliver(struct evm *evm, enum evm_outcome outcome, uint64_t gas_left, struct slice output)
{
	struct frame *frame = evm->frame;
	if (frame == NULL) {
		*evm->result = (struct evm_result){.outcome = outcome, .gas_left = gas_left, .output = output};
		return STEP_SWITCH;
	}
	frame->gas += gas_left;
	return deliver_to_frame(evm, frame, outcome, output);
}

/* EIP-3541, EIP-170 and the price of the code. False where the creation fails. */
static bool accept_code(struct frame *frame, uint64_t *gas)
{
	struct slice code = frame->output;
	if (code.length > 0 && code.data[0] == 0xef)
		return false;
	uint64_t cost = (uint64_t)gas_code_byte * code.length;
	if (*gas < cost || code.length > evm_max_code)
		return false;
	*gas -= cost;
	return true;
}

enum step call_end(struct evm *evm, enum step reason)
{
	struct frame *frame = evm->frame;
	uint64_t gas_left = frame->gas;
	enum evm_outcome outcome = reason == STEP_STOP ? EVM_SUCCESS : reason == STEP_REVERT ? EVM_REVERT : EVM_HALT;
	if (outcome == EVM_SUCCESS && frame->is_create) {
		if (accept_code(frame, &gas_left)) {
			STATE(state_set_code(evm->state, &frame->address, frame->output));
			frame->output = (struct slice){0};
		} else {
			outcome = EVM_HALT;
		}
	}
	if (outcome != EVM_SUCCESS)
		state_revert(evm->state, frame->snapshot);
	if (outcome == EVM_HALT) {
		gas_left = 0;
		frame->output = (struct slice){0};
	}
	/* The frame's memory, where the output stands, stays readable until something is put there. */
	struct slice output = frame->output;
	evm->frame = frame->parent;
	evm->return_data = (struct slice){0};
	enum step step = call_deliver(evm, outcome, gas_left, output);
	return step == STEP_NEXT ? STEP_SWITCH : step;
}
