#include "machine/keccak.h"

/* Output: keccak256 of the input. Whoever has the output knows that the prover has the file, and nothing else of it. */

uint32_t program(void)
{
	uint32_t length = *machine_input_length;
	if (length > MACHINE_INPUT_LIMIT)
		return 1;
	uint32_t digest[8];
	keccak256(digest, machine_input, length);
	machine_commit(digest);
	return 0;
}
