/*
 * The stack grows down from below the image (link.ld); memory that was never written reads as zero, so .bss needs no loop. What
 * main returns is the exit code.
 */
__attribute__((naked, noreturn, section(".text.start"))) void _start(void);
__attribute__((naked, noreturn, section(".text.start"))) void _start(void)
{
	__asm__ volatile("lui sp, %hi(guest_stack_top)\n"
	                 "addi sp, sp, %lo(guest_stack_top)\n"
	                 "call main\n"
	                 "li a7, 93\n"
	                 "ecall\n");
}
