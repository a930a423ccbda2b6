#include <stdint.h>

/* 64-bit division, which the compiler calls and RV32IM lacks. Bit by bit: nothing here divides often. */

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor);
uint64_t __umoddi3(uint64_t dividend, uint64_t divisor);

static uint64_t divide(uint64_t dividend, uint64_t divisor, uint64_t *rest)
{
	if (divisor == 0)
		__builtin_trap();
	if ((dividend | divisor) >> 32 == 0) {
		*rest = (uint32_t)dividend % (uint32_t)divisor;
		return (uint32_t)dividend / (uint32_t)divisor;
	}
	uint64_t quotient = 0;
	uint64_t remainder = 0;
	for (int bit = 63; bit >= 0; bit--) {
		/* The divisor may have its top bit set, so the bit that is shifted out counts. */
		uint64_t carry = remainder >> 63;
		remainder = remainder << 1 | (dividend >> bit & 1);
		if (carry != 0 || remainder >= divisor) {
			remainder -= divisor;
			quotient |= (uint64_t)1 << bit;
		}
	}
	*rest = remainder;
	return quotient;
}

uint64_t __udivdi3(uint64_t dividend, uint64_t divisor)
{
	uint64_t rest;
	return divide(dividend, divisor, &rest);
}

uint64_t __umoddi3(uint64_t dividend, uint64_t divisor)
{
	uint64_t rest;
	divide(dividend, divisor, &rest);
	return rest;
}
