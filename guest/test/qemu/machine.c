#include "platform/platform.h"

/*
 * The guest as a Linux program for RV32, so that qemu-riscv32 can run the very code that the machine gets: input on stdin, the
 * digest in hex on stdout, the status as exit code. It takes the place of platform/riscv/{start,machine}.c.
 */

enum { SYS_READ = 63, SYS_WRITE = 64, SYS_EXIT = 93, SYS_MMAP = 222 };
enum { PROT_READ_WRITE = 3, MAP_PRIVATE_ANONYMOUS = 0x22, max_input = 1 << 26, memory_size = 1 << 30 };

int main(void);
void _start(void);

static long call(long number, long a, long b, long c, long d, long e, long f)
{
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;
	register long a7 __asm__("a7") = number;
	__asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
	return a0;
}

static void *map(size_t size)
{
	long at = call(SYS_MMAP, 0, (long)size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
	return at < 0 && at > -4096 ? NULL : (void *)at;
}

void _start(void)
{
	(void)main();
}

status platform_input(struct slice *input)
{
	uint8_t *bytes = map(max_input);
	if (bytes == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	size_t length = 0;
	while (length < max_input) {
		long got = call(SYS_READ, 0, (long)(bytes + length), (long)(max_input - length), 0, 0, 0);
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	*input = slice_of(bytes, length);
	return STATUS_OK;
}

status platform_memory(struct arena *arena)
{
	void *memory = map(memory_size);
	if (memory == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	arena_init_clean(arena, memory, memory_size);
	return STATUS_OK;
}

void platform_commit(const struct bytes32 *digest)
{
	static const char digits[16] = "0123456789abcdef";
	char text[67] = "0x";
	for (size_t i = 0; i < sizeof digest->bytes; i++) {
		text[2 + 2 * i] = digits[digest->bytes[i] >> 4];
		text[3 + 2 * i] = digits[digest->bytes[i] & 0x0f];
	}
	text[66] = '\n';
	call(SYS_WRITE, 1, (long)text, sizeof text, 0, 0, 0);
}

void platform_log(struct slice bytes)
{
	(void)bytes;
}

_Noreturn void platform_halt(status code)
{
	for (;;)
		call(SYS_EXIT, (long)code, 0, 0, 0, 0, 0);
}
