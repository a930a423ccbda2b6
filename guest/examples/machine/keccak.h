#ifndef KECCAK_H
#define KECCAK_H

#include "machine.h"

/* keccak256 as Ethereum has it. `bytes` is aligned to 4. */
void keccak256(uint32_t digest[8], const uint8_t *bytes, uint32_t length);

#endif
