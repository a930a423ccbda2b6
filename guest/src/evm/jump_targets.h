#ifndef GUEST_EVM_JUMP_TARGETS_H
#define GUEST_EVM_JUMP_TARGETS_H

#include "base/arena.h"
#include "base/bytes.h"

/*
 * Which bytes of a code are JUMPDEST and not data of a PUSH. Found only as far as jumps have gone: a call that uses the head of a
 * large contract does not pay for its tail.
 */
struct jump_targets {
	struct bytes32 code_hash;
	struct jump_targets *next;
	uint32_t length;
	uint32_t analyzed; /* where the next operation begins */
	uint32_t bits[];   /* one per byte of the code */
};

enum { jump_target_buckets = 1024 };

/* By code hash, so that a code is analyzed once in a batch, not once in a call. */
struct jump_target_cache {
	struct jump_targets *buckets[jump_target_buckets];
};

size_t jump_targets_size(uint32_t code_length);
/* Begins in `place`, which has room for that size and is aligned to 4. */
struct jump_targets *jump_targets_begin(void *place, uint32_t code_length);
bool jump_targets_contain(struct jump_targets *targets, const uint8_t *code, uint32_t destination);

/* `keyed_hash` is one of the code hash that no user foresees. Null when the arena has no room. */
struct jump_targets *jump_target_cache_find(struct jump_target_cache *cache, struct arena *arena, const struct bytes32 *code_hash,
                                            uint32_t keyed_hash, uint32_t code_length);

#endif
