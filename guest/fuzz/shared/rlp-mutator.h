#ifndef GUEST_FUZZ_RLP_MUTATOR_H
#define GUEST_FUZZ_RLP_MUTATOR_H

#include "shared/fuzz.h"

/*
 * Changes something inside a tree of RLP and writes it again with the right lengths, so that a change gets past the decoder. It
 * looks into strings that hold RLP themselves (blocks, typed transactions, trie nodes). Bytes that are no RLP are changed as they are.
 */
size_t rlp_mutate(uint8_t *data, size_t size, size_t max_size, unsigned seed);

#endif
