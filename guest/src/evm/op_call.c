#include "evm/call.h"
#include "evm/memory.h"
#include "evm/operations.h"

/*
 * Charges for memory, for the access to the account, and for the one that it delegates to; finds the code. A delegation to a
 * precompile runs as no code (EIP-7702).
 */
static enum step reach_code(struct evm *evm, struct frame *frame, const struct address *to, struct call *call)
{
	call->code_address = *to;
	STEP(evm_touch_address(evm, frame, to));
	call->is_precompile = evm_is_precompile(evm->block.fork, to);
	if (call->is_precompile)
		return STEP_NEXT;
	STATE(state_code(evm->state, to, &call->code));
	if (evm->block.fork < FORK_PRAGUE || !evm_delegation_target(call->code, &call->code_address))
		return STEP_NEXT;
	call->is_delegated = true;
	return evm_touch_address(evm, frame, &call->code_address);
}

/* Only for a call that takes place: of one that fails before, the witness need not hold what is delegated to. */
static enum step load_delegated_code(struct evm *evm, struct call *call)
{
	call->code = (struct slice){0};
	if (!evm_is_precompile(evm->block.fork, &call->code_address))
		STATE(state_code(evm->state, &call->code_address, &call->code));
	return STEP_NEXT;
}

static enum step charge_value(struct evm *evm, struct frame *frame, const struct call *call)
{
	bool is_empty;
	if (u256_is_zero(&call->value))
		return STEP_NEXT;
	CHARGE(gas_call_value);
	if (!call->transfers_value)
		return STEP_NEXT;
	STATE(state_is_empty(evm->state, &call->address, &is_empty));
	CHARGE(is_empty ? gas_new_account : 0);
	return STEP_NEXT;
}

/* EIP-150: as much as was asked for, but a 64th stays here. */
static uint64_t take_gas(struct frame *frame, const struct u256 *requested)
{
	uint64_t available = frame->gas - frame->gas / 64;
	uint64_t asked = u256_saturated_u64(requested);
	uint64_t taken = asked < available ? asked : available;
	frame->gas -= taken;
	return taken;
}

/* `with_value` says whether the value must be there to be sent. */
static enum step call(struct evm *evm, struct frame *frame, struct call *call, const struct address *to, bool with_value)
{
	const struct u256 *ranges = &frame->top[with_value ? 3 : 2];
	struct range input, output;
	STEP(memory_reach_two(evm, frame, &ranges[0], &input, &ranges[2], &output));
	STEP(reach_code(evm, frame, to, call));
	if (with_value)
		STEP(charge_value(evm, frame, call));
	call->gas = take_gas(frame, &frame->top[0]);
	if (with_value && !u256_is_zero(&call->value))
		call->gas += gas_call_stipend;
	call->input = memory_slice(frame, input);
	call->depth = frame->depth + 1;
	frame->pending = (struct pending){.output_offset = output.offset, .output_length = output.length};
	frame->top += with_value ? 7 : 6;
	evm->return_data = (struct slice){0};

	bool fails = call->depth > evm_max_depth;
	if (!fails && with_value && !u256_is_zero(&call->value)) {
		struct u256 balance;
		STATE(state_balance(evm->state, &frame->address, &balance));
		fails = u256_less(&balance, &call->value);
	}
	if (fails) {
		push_u64(frame, 0);
		frame->gas += call->gas;
		return STEP_NEXT;
	}
	if (call->is_delegated)
		STEP(load_delegated_code(evm, call));
	return call_begin(evm, call);
}

enum step op_call(struct evm *evm, struct frame *frame)
{
	struct address to;
	u256_to_address(&frame->top[1], &to);
	if (frame->is_static && !u256_is_zero(&frame->top[2]))
		return STEP_HALT;
	struct call made = {
		.caller = frame->address,
		.address = to,
		.value = frame->top[2],
		.transfers_value = true,
		.is_static = frame->is_static,
	};
	return call(evm, frame, &made, &to, true);
}

enum step op_callcode(struct evm *evm, struct frame *frame)
{
	struct address to;
	u256_to_address(&frame->top[1], &to);
	struct call made = {
		.caller = frame->address,
		.address = frame->address,
		.value = frame->top[2],
		.is_static = frame->is_static,
	};
	return call(evm, frame, &made, &to, true);
}

enum step op_delegatecall(struct evm *evm, struct frame *frame)
{
	struct address to;
	u256_to_address(&frame->top[1], &to);
	struct call made = {
		.caller = frame->caller,
		.address = frame->address,
		.value = frame->value,
		.is_static = frame->is_static,
	};
	return call(evm, frame, &made, &to, false);
}

enum step op_staticcall(struct evm *evm, struct frame *frame)
{
	struct address to;
	u256_to_address(&frame->top[1], &to);
	struct call made = {
		.caller = frame->address,
		.address = to,
		.is_static = true,
	};
	return call(evm, frame, &made, &to, false);
}
