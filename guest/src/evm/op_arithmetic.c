#include "evm/operations.h"

/* The operand on top is the left one; the result takes the place of the right one. */
#define BINARY(name, function)                                        \
	enum step op_##name(struct evm *evm, struct frame *frame)         \
	{                                                                 \
		(void)evm;                                                    \
		struct u256 *top = frame->top++;                              \
		(void)function(&top[1], &top[0], &top[1]);                    \
		return STEP_NEXT;                                             \
	}

BINARY(mul, u256_mul)
BINARY(div, u256_div)
BINARY(sdiv, u256_div_signed)
BINARY(mod, u256_mod)
BINARY(smod, u256_mod_signed)
BINARY(signextend, u256_sign_extend)
BINARY(byte, u256_byte)

#define SHIFT(name, function)                                         \
	enum step op_##name(struct evm *evm, struct frame *frame)         \
	{                                                                 \
		(void)evm;                                                    \
		struct u256 *top = frame->top++;                              \
		function(&top[1], &top[1], &top[0]);                          \
		return STEP_NEXT;                                             \
	}

SHIFT(shl, u256_shift_left)
SHIFT(shr, u256_shift_right)
SHIFT(sar, u256_shift_right_signed)

#define COMPARE(name, condition)                                      \
	enum step op_##name(struct evm *evm, struct frame *frame)         \
	{                                                                 \
		(void)evm;                                                    \
		struct u256 *top = frame->top++;                              \
		top[1] = u256_from_u64(condition);                            \
		return STEP_NEXT;                                             \
	}

COMPARE(slt, u256_compare_signed(&top[0], &top[1]) < 0)
COMPARE(sgt, u256_compare_signed(&top[0], &top[1]) > 0)

#define BITWISE(name, operator)                                       \
	enum step op_##name(struct evm *evm, struct frame *frame)         \
	{                                                                 \
		(void)evm;                                                    \
		struct u256 *top = frame->top++;                              \
		for (int i = 0; i < u256_limbs; i++)                          \
			top[1].limb[i] operator top[0].limb[i];                   \
		return STEP_NEXT;                                             \
	}

BITWISE(or, |=)
BITWISE(xor, ^=)

enum step op_not(struct evm *evm, struct frame *frame)
{
	(void)evm;
	for (int i = 0; i < u256_limbs; i++)
		frame->top->limb[i] = ~frame->top->limb[i];
	return STEP_NEXT;
}

enum step op_addmod(struct evm *evm, struct frame *frame)
{
	(void)evm;
	struct u256 *top = frame->top;
	u256_add_mod(&top[2], &top[0], &top[1], &top[2]);
	frame->top += 2;
	return STEP_NEXT;
}

enum step op_mulmod(struct evm *evm, struct frame *frame)
{
	(void)evm;
	struct u256 *top = frame->top;
	u256_mul_mod(&top[2], &top[0], &top[1], &top[2]);
	frame->top += 2;
	return STEP_NEXT;
}

enum step op_exp(struct evm *evm, struct frame *frame)
{
	(void)evm;
	struct u256 *top = frame->top;
	CHARGE(gas_exp_byte * ((u256_bit_length(&top[1]) + 7) / 8));
	u256_exp(&top[1], &top[0], &top[1]);
	frame->top++;
	return STEP_NEXT;
}

/* EIP-7939 */
enum step op_clz(struct evm *evm, struct frame *frame)
{
	if (evm->block.fork < FORK_OSAKA)
		return STEP_HALT;
	*frame->top = u256_from_u64(256 - u256_bit_length(frame->top));
	return STEP_NEXT;
}
