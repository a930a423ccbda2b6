#ifndef MACHINE_H
#define MACHINE_H

#include <stddef.h>
#include <stdint.h>

/* The machine as a C program sees it: zkvm/isa/README.md. */

enum {
	MACHINE_COMMIT = 1,
	MACHINE_KECCAK_ABSORB = 17,
	MACHINE_LOG = 64,
	MACHINE_HALT = 93,
};

/* The prover chooses the length, too: a program compares it with this limit, or with one of its own, before it reads. */
enum { MACHINE_INPUT_LIMIT = 0x0ffffff0 };

static const uint32_t *const machine_input_length = (const uint32_t *)0x20000000;
static const uint8_t *const machine_input = (const uint8_t *)0x20000010;

static inline void machine_call(uint32_t number, uint32_t first, uint32_t second, uint32_t third)
{
	register uint32_t a0 __asm__("a0") = first;
	register uint32_t a1 __asm__("a1") = second;
	register uint32_t a2 __asm__("a2") = third;
	register uint32_t a7 __asm__("a7") = number;
	__asm__ volatile("ecall" : : "r"(a0), "r"(a1), "r"(a2), "r"(a7) : "memory");
}

/* Makes 32 bytes public. A program does it once. */
static inline void machine_commit(const uint32_t output[8])
{
	machine_call(MACHINE_COMMIT, (uint32_t)output, 0, 0);
}

/* Shows a text to whoever runs the program; no part of what is proven. */
static inline void machine_log(const char *text, size_t length)
{
	machine_call(MACHINE_LOG, 1, (uint32_t)text, length);
}

/* The program: what it returns is the exit code, which is public. `machine.c` calls it with a stack. */
uint32_t program(void);

#endif
