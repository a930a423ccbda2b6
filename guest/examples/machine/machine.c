#include "machine.h"

__attribute__((naked, noreturn, section(".text.start"))) void _start(void);
__attribute__((naked, noreturn, section(".text.start"))) void _start(void)
{
	__asm__ volatile("li sp, 0x01000000\n"
	                 "call program\n"
	                 "li a7, 93\n"
	                 "ecall\n");
}

/* The compiler calls these two wherever it likes, but not in themselves. */
#ifdef __clang__
#define WITHOUT(function) __attribute__((no_builtin(function)))
#else
#define WITHOUT(function) __attribute__((optimize("no-tree-loop-distribute-patterns")))
#endif

void *memcpy(void *restrict to, const void *restrict from, size_t length);
WITHOUT("memcpy") void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
	uint8_t *out = to;
	const uint8_t *in = from;
	for (size_t i = 0; i < length; i++)
		out[i] = in[i];
	return to;
}

void *memset(void *to, int value, size_t length);
WITHOUT("memset") void *memset(void *to, int value, size_t length)
{
	uint8_t *out = to;
	for (size_t i = 0; i < length; i++)
		out[i] = (uint8_t)value;
	return to;
}
