#include "platform/platform.h"

/* Numbers of the system functions, in a7 (zkvm/isa/README.md). Those of the cryptography are in crypto/syscall_machine.h. */
enum { ECALL_COMMIT = 1, ECALL_LOG = 64, ECALL_HALT = 93 };

extern uint8_t guest_arena_start[];
extern uint8_t guest_arena_end[];
extern const uint8_t guest_input[];
extern const uint8_t guest_input_end[];

/* The length is the first of four words; the prover chooses all of them. */
enum { input_head = 16 };

status platform_input(struct slice *input)
{
	uint32_t length;
	memcpy(&length, __builtin_assume_aligned(guest_input, 4), sizeof length);
	if (length > (size_t)(guest_input_end - guest_input) - input_head)
		return FAIL(STATUS_INPUT_TOO_LONG);
	*input = slice_of(guest_input + input_head, length);
	return STATUS_OK;
}

status platform_memory(struct arena *arena)
{
	arena_init_clean(arena, guest_arena_start, (size_t)(guest_arena_end - guest_arena_start));
	return STATUS_OK;
}

void platform_commit(const struct bytes32 *digest)
{
	register const uint8_t *a0 __asm__("a0") = digest->bytes;
	register uint32_t a7 __asm__("a7") = ECALL_COMMIT;
	__asm__ volatile("ecall" : : "r"(a0), "r"(a7) : "memory");
}

void platform_log(struct slice bytes)
{
	register uint32_t a0 __asm__("a0") = 1;
	register const uint8_t *a1 __asm__("a1") = bytes.data;
	register size_t a2 __asm__("a2") = bytes.length;
	register uint32_t a7 __asm__("a7") = ECALL_LOG;
	__asm__ volatile("ecall" : : "r"(a0), "r"(a1), "r"(a2), "r"(a7) : "memory");
}

_Noreturn void platform_halt(status code)
{
	register uint32_t a0 __asm__("a0") = (uint32_t)code;
	register uint32_t a7 __asm__("a7") = ECALL_HALT;
	for (;;)
		__asm__ volatile("ecall" : : "r"(a0), "r"(a7) : "memory");
}
