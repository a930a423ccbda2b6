#include "crypto/keccak.h"
#include "evm/memory.h"
#include "evm/operations.h"

enum step op_mload(struct evm *evm, struct frame *frame)
{
	uint32_t start;
	STEP(memory_reach_fixed(evm, frame, frame->top, 32, &start));
	u256_from_bytes(frame->top, frame->memory + start);
	return STEP_NEXT;
}

enum step op_mstore(struct evm *evm, struct frame *frame)
{
	uint32_t start;
	STEP(memory_reach_fixed(evm, frame, frame->top, 32, &start));
	u256_to_bytes(&frame->top[1], frame->memory + start);
	frame->top += 2;
	return STEP_NEXT;
}

enum step op_mstore8(struct evm *evm, struct frame *frame)
{
	uint32_t start;
	STEP(memory_reach_fixed(evm, frame, frame->top, 1, &start));
	frame->memory[start] = (uint8_t)frame->top[1].limb[0];
	frame->top += 2;
	return STEP_NEXT;
}

/* EIP-5656; destination, source, length. */
enum step op_mcopy(struct evm *evm, struct frame *frame)
{
	const struct u256 *operands = frame->top;
	const struct u256 ranges[2][2] = {{operands[0], operands[2]}, {operands[1], operands[2]}};
	struct range to, from;
	CHARGE(u256_fits_u32(&operands[2]) ? gas_copy_word * words_of(operands[2].limb[0]) : UINT64_MAX);
	STEP(memory_reach_two(evm, frame, ranges[0], &to, ranges[1], &from));
	if (to.length > 0)
		memmove(frame->memory + to.offset, frame->memory + from.offset, to.length);
	frame->top += 3;
	return STEP_NEXT;
}

enum step op_msize(struct evm *evm, struct frame *frame)
{
	(void)evm;
	push_u64(frame, frame->memory_size);
	return STEP_NEXT;
}

enum step op_keccak256(struct evm *evm, struct frame *frame)
{
	struct range range;
	struct bytes32 hash;
	CHARGE(u256_fits_u32(&frame->top[1]) ? gas_keccak_word * words_of(frame->top[1].limb[0]) : UINT64_MAX);
	STEP(memory_reach(evm, frame, &frame->top[0], &frame->top[1], &range));
	struct slice data = memory_slice(frame, range);
	keccak256(data.data, data.length, hash.bytes);
	u256_from_bytes(++frame->top, hash.bytes);
	return STEP_NEXT;
}
