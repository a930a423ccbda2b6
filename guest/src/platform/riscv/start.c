/* The stack grows down from below the heap (link.ld); memory that was never written reads as zero, so .bss needs no loop. */
void guest_main(void);

__attribute__((naked, noreturn, section(".text.start"))) void _start(void);
__attribute__((naked, noreturn, section(".text.start"))) void _start(void)
{
	__asm__ volatile("lui sp, %hi(guest_stack_top)\n"
	                 "addi sp, sp, %lo(guest_stack_top)\n"
	                 "tail guest_main\n");
}
