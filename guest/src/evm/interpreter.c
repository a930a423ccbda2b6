#include "evm/interpreter.h"

#include "evm/call.h"
#include "evm/operations.h"

enum { opcode_stop = 0x00 };

static enum step run_operation(struct evm *evm, struct frame *frame)
{
	uint8_t opcode = frame->pc < frame->code_length ? frame->code[frame->pc] : opcode_stop;
	const struct operation *operation = &operations[opcode];
	uint32_t height = (uint32_t)(frame->stack_end - frame->top);
	if (height < operation->pops || height + operation->growth > evm_max_stack)
		return STEP_HALT;
	CHARGE(operation->gas);
	frame->pc++;
	return operation->run(evm, frame);
}

enum step interpret(struct evm *evm, struct frame *frame)
{
	enum step step;
	do
		step = run_operation(evm, frame);
	while (step == STEP_NEXT);
	return step == STEP_SWITCH || step == STEP_FAIL ? step : call_end(evm, step);
}
