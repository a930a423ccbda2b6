#include "platform/platform.h"

/* Numbers of the system functions, in a7. Those of the cryptography are in crypto/syscall.h. */
enum { ECALL_HALT = 0, ECALL_COMMIT = 1 };

extern uint8_t guest_heap_start[];
extern uint8_t guest_heap_end[];
extern const uint8_t guest_input[];
extern const uint8_t guest_input_end[];

/* A 32-bit little-endian length, then that many bytes. */
status platform_input(struct slice *input)
{
	uint32_t length;
	memcpy(&length, guest_input, sizeof length);
	if (length > (size_t)(guest_input_end - guest_input) - sizeof length)
		return FAIL(STATUS_INPUT_TOO_LONG);
	*input = slice_of(guest_input + sizeof length, length);
	return STATUS_OK;
}

status platform_memory(struct arena *arena)
{
	arena_init(arena, guest_heap_start, (size_t)(guest_heap_end - guest_heap_start));
	return STATUS_OK;
}

void platform_commit(const struct bytes32 *digest)
{
	register const uint8_t *a0 __asm__("a0") = digest->bytes;
	register uint32_t a7 __asm__("a7") = ECALL_COMMIT;
	__asm__ volatile("ecall" : : "r"(a0), "r"(a7) : "memory");
}

_Noreturn void platform_halt(status code)
{
	register uint32_t a0 __asm__("a0") = (uint32_t)code;
	register uint32_t a7 __asm__("a7") = ECALL_HALT;
	for (;;)
		__asm__ volatile("ecall" : : "r"(a0), "r"(a7) : "memory");
}
