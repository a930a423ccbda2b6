#include "evm/memory.h"

uint8_t *scratch_low(const struct evm *evm)
{
	return evm->frame == NULL ? evm->scratch_start : evm->frame->memory + evm->frame->memory_size;
}

uint8_t *scratch_high(const struct evm *evm)
{
	uint8_t *end = evm->scratch->base + evm->scratch->size;
	return evm->frame == NULL ? end - (uintptr_t)end % 16 : (uint8_t *)(evm->frame->stack_end - evm_max_stack);
}

static enum step grow(struct evm *evm, struct frame *frame, uint32_t size)
{
	uint8_t *end = frame->memory + frame->memory_size;
	size_t growth = size - frame->memory_size;
	if ((size_t)(scratch_high(evm) - end) < growth + evm->return_data.length)
		return evm_fail(evm, FAIL(STATUS_OUT_OF_MEMORY));
	if (evm->return_data.length > 0) {
		memmove(end + growth, evm->return_data.data, evm->return_data.length);
		evm->return_data.data = end + growth;
	}
	memset(end, 0, growth);
	frame->memory_size = size;
	return STEP_NEXT;
}

static uint64_t memory_cost(uint64_t words)
{
	return gas_memory_word * words + words * words / 512;
}

/* An end from 2^32 on costs more than any transaction has. */
static enum step reach(struct evm *evm, struct frame *frame, uint64_t end)
{
	if (end <= frame->memory_size)
		return STEP_NEXT;
	if (end > UINT32_MAX - 31)
		return STEP_HALT;
	uint64_t words = (end + 31) / 32;
	CHARGE(memory_cost(words) - memory_cost(frame->memory_size / 32));
	return grow(evm, frame, (uint32_t)words * 32);
}

/* Where the range ends; 2^64 - 1 where that is out of reach. */
static uint64_t range_of(const struct u256 *offset, const struct u256 *length, struct range *range)
{
	*range = (struct range){0, 0};
	if (u256_is_zero(length))
		return 0;
	if (!u256_fits_u32(offset) || !u256_fits_u32(length))
		return UINT64_MAX;
	*range = (struct range){offset->limb[0], length->limb[0]};
	return (uint64_t)range->offset + range->length;
}

enum step memory_reach(struct evm *evm, struct frame *frame, const struct u256 *offset, const struct u256 *length, struct range *range)
{
	return reach(evm, frame, range_of(offset, length, range));
}

enum step memory_reach_fixed(struct evm *evm, struct frame *frame, const struct u256 *offset, uint32_t length, uint32_t *start)
{
	*start = offset->limb[0];
	return u256_fits_u32(offset) ? reach(evm, frame, (uint64_t)*start + length) : STEP_HALT;
}

enum step memory_reach_two(struct evm *evm, struct frame *frame, const struct u256 *first, struct range *first_range, const struct u256 *second,
                           struct range *second_range)
{
	uint64_t first_end = range_of(&first[0], &first[1], first_range);
	uint64_t second_end = range_of(&second[0], &second[1], second_range);
	return reach(evm, frame, first_end > second_end ? first_end : second_end);
}

enum step return_data_set(struct evm *evm, struct slice data)
{
	uint8_t *low = scratch_low(evm);
	if ((size_t)(scratch_high(evm) - low) < data.length)
		return evm_fail(evm, FAIL(STATUS_OUT_OF_MEMORY));
	if (data.length > 0)
		memmove(low, data.data, data.length);
	evm->return_data = slice_of(low, data.length);
	return STEP_NEXT;
}
