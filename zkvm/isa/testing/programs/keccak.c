#include "machine.h"

/* Output: keccak256 of the input, by the machine's function. */

enum { RATE = 136 };

uint32_t program(void)
{
	uint32_t state[50] = {0};
	uint32_t block[RATE / 4];
	uint32_t length = *machine_input_length;
	const uint8_t *input = machine_input;
	/* Whole blocks are absorbed where they lie: the input is aligned and so is each block. */
	for (; length >= RATE; length -= RATE, input += RATE)
		machine_call(MACHINE_KECCAK_ABSORB, (uint32_t)state, (uint32_t)input);
	uint8_t *bytes = (uint8_t *)block;
	for (uint32_t i = 0; i < RATE; i++)
		bytes[i] = i < length ? input[i] : 0;
	bytes[length] = 0x01;
	bytes[RATE - 1] |= 0x80;
	machine_call(MACHINE_KECCAK_ABSORB, (uint32_t)state, (uint32_t)block);
	machine_commit(state);
	return 0;
}
