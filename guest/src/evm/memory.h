#ifndef GUEST_EVM_MEMORY_H
#define GUEST_EVM_MEMORY_H

#include "evm/frame.h"

/* A range of the frame's memory. */
struct range {
	uint32_t offset;
	uint32_t length;
};

/* Charges for memory up to the range's end and makes it so large. A range of length 0 is nothing, wherever it begins. */
enum step memory_reach(struct evm *evm, struct frame *frame, const struct u256 *offset, const struct u256 *length, struct range *range);
enum step memory_reach_fixed(struct evm *evm, struct frame *frame, const struct u256 *offset, uint32_t length, uint32_t *start);
/* Charged at once, for the larger of both. */
enum step memory_reach_two(struct evm *evm, struct frame *frame, const struct u256 *first, struct range *first_range, const struct u256 *second,
                           struct range *second_range);

/* The range as bytes; null where it is empty. */
static inline struct slice memory_slice(const struct frame *frame, struct range range)
{
	return range.length == 0 ? (struct slice){0} : slice_of(frame->memory + range.offset, range.length);
}

/* First byte behind the memory of the frame on top, and where its operand stack may reach down to. */
uint8_t *scratch_low(const struct evm *evm);
uint8_t *scratch_high(const struct evm *evm);

/* Makes a copy of the bytes, wherever in scratch they stand, the return data of the frame on top. */
enum step return_data_set(struct evm *evm, struct slice data);

#endif
