#include "evm/memory.h"
#include "evm/operations.h"

#define PUSH_ADDRESS(name, expression)                                \
	enum step op_##name(struct evm *evm, struct frame *frame)         \
	{                                                                 \
		(void)evm;                                                    \
		u256_from_address(--frame->top, &(expression));               \
		return STEP_NEXT;                                             \
	}

PUSH_ADDRESS(address, frame->address)
PUSH_ADDRESS(origin, evm->transaction.origin)
PUSH_ADDRESS(caller, frame->caller)
PUSH_ADDRESS(coinbase, evm->block.coinbase)

#define PUSH_NUMBER(name, expression)                                 \
	enum step op_##name(struct evm *evm, struct frame *frame)         \
	{                                                                 \
		(void)evm;                                                    \
		push_u64(frame, expression);                                  \
		return STEP_NEXT;                                             \
	}

PUSH_NUMBER(calldatasize, frame->input.length)
PUSH_NUMBER(codesize, frame->code_length)
PUSH_NUMBER(returndatasize, evm->return_data.length)
PUSH_NUMBER(timestamp, evm->block.timestamp)
PUSH_NUMBER(number, evm->block.number)
PUSH_NUMBER(gaslimit, evm->block.gas_limit)
PUSH_NUMBER(chainid, evm->block.chain_id)

#define PUSH_WORD(name, expression)                                   \
	enum step op_##name(struct evm *evm, struct frame *frame)         \
	{                                                                 \
		(void)evm;                                                    \
		*--frame->top = expression;                                   \
		return STEP_NEXT;                                             \
	}

PUSH_WORD(callvalue, frame->value)
PUSH_WORD(gasprice, evm->transaction.gas_price)
PUSH_WORD(basefee, evm->block.base_fee)
PUSH_WORD(blobbasefee, evm->block.blob_base_fee)

enum step op_prevrandao(struct evm *evm, struct frame *frame)
{
	u256_from_bytes(--frame->top, evm->block.prev_randao.bytes);
	return STEP_NEXT;
}

enum step op_blobhash(struct evm *evm, struct frame *frame)
{
	uint64_t index = u256_saturated_u64(frame->top);
	if (index < evm->transaction.blob_hash_count)
		u256_from_bytes(frame->top, evm->transaction.blob_hashes[index].bytes);
	else
		*frame->top = u256_zero;
	return STEP_NEXT;
}

enum step op_blockhash(struct evm *evm, struct frame *frame)
{
	struct bytes32 hash = {{0}};
	if (u256_fits_u64(frame->top))
		STATE(state_block_hash(evm->state, evm->block.number, u256_low_u64(frame->top), &hash));
	u256_from_bytes(frame->top, hash.bytes);
	return STEP_NEXT;
}

/* What lies behind the end of the data is zero. */
static void copy_padded(uint8_t *to, uint32_t length, struct slice data, const struct u256 *offset)
{
	uint64_t start = u256_saturated_u64(offset);
	size_t available = start < data.length ? data.length - (size_t)start : 0;
	size_t copied = available < length ? available : length;
	if (copied > 0)
		memmove(to, data.data + (size_t)start, copied);
	if (copied < length)
		memset(to + copied, 0, length - copied);
}

enum step op_calldataload(struct evm *evm, struct frame *frame)
{
	(void)evm;
	struct bytes32 word;
	copy_padded(word.bytes, sizeof word.bytes, frame->input, frame->top);
	u256_from_bytes(frame->top, word.bytes);
	return STEP_NEXT;
}

/* `operands` are destination, offset, length. */
static enum step copy(struct evm *evm, struct frame *frame, const struct u256 *operands, struct slice data)
{
	struct range range;
	CHARGE(u256_fits_u32(&operands[2]) ? gas_copy_word * words_of(operands[2].limb[0]) : UINT64_MAX);
	STEP(memory_reach(evm, frame, &operands[0], &operands[2], &range));
	if (range.length > 0)
		copy_padded(frame->memory + range.offset, range.length, data, &operands[1]);
	return STEP_NEXT;
}

enum step op_calldatacopy(struct evm *evm, struct frame *frame)
{
	STEP(copy(evm, frame, frame->top, frame->input));
	frame->top += 3;
	return STEP_NEXT;
}

enum step op_codecopy(struct evm *evm, struct frame *frame)
{
	STEP(copy(evm, frame, frame->top, slice_of(frame->code, frame->code_length)));
	frame->top += 3;
	return STEP_NEXT;
}

/* Unlike the other copies it halts where the data ends before the range does (EIP-211). */
enum step op_returndatacopy(struct evm *evm, struct frame *frame)
{
	const struct u256 *operands = frame->top;
	uint64_t end;
	if (!u256_fits_u64(&operands[1]) || !u256_fits_u64(&operands[2]) ||
	    __builtin_add_overflow(u256_low_u64(&operands[1]), u256_low_u64(&operands[2]), &end) || end > evm->return_data.length)
		return STEP_HALT;
	struct range range;
	CHARGE(gas_copy_word * words_of(operands[2].limb[0]));
	/* The data may move when the memory grows. */
	STEP(memory_reach(evm, frame, &operands[0], &operands[2], &range));
	if (range.length > 0)
		copy_padded(frame->memory + range.offset, range.length, evm->return_data, &operands[1]);
	frame->top += 3;
	return STEP_NEXT;
}

enum step evm_touch_address(struct evm *evm, struct frame *frame, const struct address *address)
{
	bool was_cold = false;
	if (!evm_is_precompile(evm->block.fork, address))
		STATE(state_warm_address(evm->state, address, &was_cold));
	CHARGE(was_cold ? gas_cold_account : gas_warm_access);
	return STEP_NEXT;
}

enum step op_balance(struct evm *evm, struct frame *frame)
{
	struct address address;
	u256_to_address(frame->top, &address);
	STEP(evm_touch_address(evm, frame, &address));
	STATE(state_balance(evm->state, &address, frame->top));
	return STEP_NEXT;
}

enum step op_selfbalance(struct evm *evm, struct frame *frame)
{
	STATE(state_balance(evm->state, &frame->address, --frame->top));
	return STEP_NEXT;
}

enum step op_extcodesize(struct evm *evm, struct frame *frame)
{
	struct address address;
	struct slice code;
	u256_to_address(frame->top, &address);
	STEP(evm_touch_address(evm, frame, &address));
	STATE(state_code(evm->state, &address, &code));
	*frame->top = u256_from_u64(code.length);
	return STEP_NEXT;
}

enum step op_extcodehash(struct evm *evm, struct frame *frame)
{
	struct address address;
	struct bytes32 hash = {{0}};
	bool is_empty;
	u256_to_address(frame->top, &address);
	STEP(evm_touch_address(evm, frame, &address));
	STATE(state_is_empty(evm->state, &address, &is_empty));
	if (!is_empty)
		STATE(state_code_hash(evm->state, &address, &hash));
	u256_from_bytes(frame->top, hash.bytes);
	return STEP_NEXT;
}

enum step op_extcodecopy(struct evm *evm, struct frame *frame)
{
	const struct u256 *operands = frame->top;
	struct address address;
	struct slice code;
	struct range range;
	u256_to_address(&operands[0], &address);
	CHARGE(u256_fits_u32(&operands[3]) ? gas_copy_word * words_of(operands[3].limb[0]) : UINT64_MAX);
	STEP(memory_reach(evm, frame, &operands[1], &operands[3], &range));
	STEP(evm_touch_address(evm, frame, &address));
	/* A copy of nothing reads nothing: who executed the block did not, so the witness may lack the account. */
	if (range.length > 0) {
		STATE(state_code(evm->state, &address, &code));
		copy_padded(frame->memory + range.offset, range.length, code, &operands[2]);
	}
	frame->top += 4;
	return STEP_NEXT;
}
