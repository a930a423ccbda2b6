#include "evm/memory.h"
#include "evm/operations.h"

enum step op_sload(struct evm *evm, struct frame *frame)
{
	bool was_cold;
	STATE(state_warm_slot(evm->state, &frame->address, frame->top, &was_cold));
	CHARGE(was_cold ? gas_cold_slot : gas_warm_access);
	struct u256 key = *frame->top;
	STATE(state_storage(evm->state, &frame->address, &key, frame->top));
	return STEP_NEXT;
}

/* EIP-3529's refunds for a slot that goes from `original` over `current` to `next`. */
static int64_t storage_refund(const struct u256 *original, const struct u256 *current, const struct u256 *next)
{
	int64_t refund = 0;
	if (u256_equal(current, next))
		return 0;
	if (!u256_is_zero(original)) {
		if (u256_is_zero(current))
			refund -= gas_refund_clear;
		else if (u256_is_zero(next))
			refund += gas_refund_clear;
	}
	if (!u256_equal(original, current) && u256_equal(original, next))
		refund += (u256_is_zero(original) ? gas_storage_set : gas_storage_reset) - gas_warm_access;
	return refund;
}

enum step op_sstore(struct evm *evm, struct frame *frame)
{
	const struct u256 *key = &frame->top[0];
	const struct u256 *next = &frame->top[1];
	struct u256 original, current;
	bool was_cold;
	if (frame->is_static || frame->gas <= gas_storage_stipend)
		return STEP_HALT;
	STATE(state_warm_slot(evm->state, &frame->address, key, &was_cold));
	/* No gas can run out between here and the state's answers: 2300 cover a cold slot. */
	CHARGE(was_cold ? gas_cold_slot : 0);
	STATE(state_storage(evm->state, &frame->address, key, &current));
	STATE(state_original_storage(evm->state, &frame->address, key, &original));
	bool is_first_change = u256_equal(&original, &current) && !u256_equal(&current, next);
	CHARGE(!is_first_change ? gas_warm_access : u256_is_zero(&original) ? gas_storage_set : gas_storage_reset);
	state_add_refund(evm->state, storage_refund(&original, &current, next));
	STATE(state_set_storage(evm->state, &frame->address, key, next));
	frame->top += 2;
	return STEP_NEXT;
}

enum step op_tload(struct evm *evm, struct frame *frame)
{
	struct u256 key = *frame->top;
	STATE(state_transient(evm->state, &frame->address, &key, frame->top));
	return STEP_NEXT;
}

enum step op_tstore(struct evm *evm, struct frame *frame)
{
	if (frame->is_static)
		return STEP_HALT;
	STATE(state_set_transient(evm->state, &frame->address, &frame->top[0], &frame->top[1]));
	frame->top += 2;
	return STEP_NEXT;
}

enum step op_log(struct evm *evm, struct frame *frame)
{
	size_t topic_count = frame->code[frame->pc - 1] - 0xa0u;
	struct bytes32 topics[state_max_topics];
	struct range range;
	if (frame->is_static)
		return STEP_HALT;
	CHARGE(u256_fits_u32(&frame->top[1]) ? (uint64_t)gas_log_byte * frame->top[1].limb[0] : UINT64_MAX);
	STEP(memory_reach(evm, frame, &frame->top[0], &frame->top[1], &range));
	for (size_t i = 0; i < topic_count; i++)
		u256_to_bytes(&frame->top[2 + i], topics[i].bytes);
	STATE(state_log(evm->state, &frame->address, topics, topic_count, memory_slice(frame, range)));
	frame->top += 2 + topic_count;
	return STEP_NEXT;
}
