#include "evm/interpreter.h"

#include "evm/call.h"
#include "evm/operations.h"

enum {
	opcode_add = 0x01,
	opcode_sub = 0x03,
	opcode_lt = 0x10,
	opcode_gt = 0x11,
	opcode_eq = 0x14,
	opcode_iszero = 0x15,
	opcode_and = 0x16,
	opcode_pop = 0x50,
	opcode_jumpdest = 0x5b,
	opcode_push0 = 0x5f,
	opcode_push1 = 0x60,
	opcode_push2 = 0x61,
	opcode_push32 = 0x7f,
	opcode_dup1 = 0x80,
	opcode_dup16 = 0x8f,
	opcode_swap1 = 0x90,
	opcode_swap16 = 0x9f,
};

/* What lies behind the end of the code is zero. Returns what follows. */
__attribute__((noinline)) static const uint8_t *push(struct u256 *item, const uint8_t *at, const uint8_t *end, size_t length)
{
	size_t rest = (size_t)(end - at);
	if (length <= rest) {
		u256_from_short_bytes(item, at, length);
		return at + length;
	}
	uint8_t padded[32] = {0};
	bytes_copy(padded, at, rest);
	u256_from_short_bytes(item, padded, length);
	return end;
}

static inline void swap(struct u256 *a, struct u256 *b)
{
	for (int i = 0; i < u256_limbs; i++) {
		uint32_t limb = a->limb[i];
		a->limb[i] = b->limb[i];
		b->limb[i] = limb;
	}
}

/*
 * The operations that contracts mostly consist of are done here, on what is kept in registers: where the next operation is, the top of
 * the stack, and the gas. The others find them in the frame.
 */
static enum step run(struct evm *evm, struct frame *frame)
{
	static const uint8_t no_code[1] = {0};
	const uint8_t *const code = frame->code_length == 0 ? no_code : frame->code;
	const uint8_t *const end = code + frame->code_length;
	const uint8_t *at = code + frame->pc;
	struct u256 *top = frame->top;
	uint64_t gas = frame->gas;
	for (;;) {
		if (at == end) {
			frame->gas = gas;
			return op_stop(evm, frame);
		}
		uint8_t opcode = *at;
		const struct operation *operation = &operations[opcode];
		size_t height = (size_t)((const uint8_t *)frame->stack_end - (const uint8_t *)top);
		if (height < operation->least || height > operation->most || gas < operation->gas)
			return STEP_HALT;
		gas -= operation->gas;
		at++;
		switch (opcode) {
		case opcode_pop:
			top++;
			continue;
		case opcode_jumpdest:
			continue;
		case opcode_push0:
			*--top = u256_zero;
			continue;
		case opcode_push1:
			*--top = u256_from_u64(at == end ? 0 : *at++);
			continue;
		case opcode_push2 ... opcode_push32:
			top--;
			at = push(top, at, end, opcode - opcode_push1 + 1u);
			continue;
		case opcode_dup1 ... opcode_dup16:
			top--;
			*top = top[opcode - opcode_dup1 + 1];
			continue;
		case opcode_swap1 ... opcode_swap16:
			swap(top, &top[opcode - opcode_swap1 + 1]);
			continue;
		case opcode_add:
			u256_add(&top[1], &top[0], &top[1]);
			top++;
			continue;
		case opcode_sub:
			u256_sub(&top[1], &top[0], &top[1]);
			top++;
			continue;
		case opcode_lt:
			top[1] = u256_from_u64(u256_less(&top[0], &top[1]));
			top++;
			continue;
		case opcode_gt:
			top[1] = u256_from_u64(u256_less(&top[1], &top[0]));
			top++;
			continue;
		case opcode_eq:
			top[1] = u256_from_u64(u256_equal(&top[0], &top[1]));
			top++;
			continue;
		case opcode_iszero:
			*top = u256_from_u64(u256_is_zero(top));
			continue;
		case opcode_and:
			for (int i = 0; i < u256_limbs; i++)
				top[1].limb[i] &= top[0].limb[i];
			top++;
			continue;
		default:
			break;
		}
		frame->pc = (uint32_t)(at - code);
		frame->top = top;
		frame->gas = gas;
		STEP(operation->run(evm, frame));
		at = code + frame->pc;
		top = frame->top;
		gas = frame->gas;
	}
}

enum step interpret(struct evm *evm, struct frame *frame)
{
	enum step step = run(evm, frame);
	return step == STEP_SWITCH || step == STEP_FAIL ? step : call_end(evm, step);
}
