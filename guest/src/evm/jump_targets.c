#include "evm/jump_targets.h"

enum { opcode_jumpdest = 0x5b, opcode_push1 = 0x60, opcode_push32 = 0x7f };

size_t jump_targets_size(uint32_t code_length)
{
	return sizeof(struct jump_targets) + ((size_t)code_length + 31) / 32 * sizeof(uint32_t);
}

struct jump_targets *jump_targets_begin(void *place, uint32_t code_length)
{
	struct jump_targets *targets = place;
	memset(targets, 0, jump_targets_size(code_length));
	targets->length = code_length;
	return targets;
}

static void analyze_up_to(struct jump_targets *targets, const uint8_t *code, uint32_t end)
{
	uint32_t at = targets->analyzed;
	while (at <= end) {
		uint8_t opcode = code[at];
		if (opcode == opcode_jumpdest)
			targets->bits[at / 32] |= 1u << (at % 32);
		at += opcode >= opcode_push1 && opcode <= opcode_push32 ? opcode - opcode_push1 + 2u : 1u;
	}
	targets->analyzed = at;
}

bool jump_targets_contain(struct jump_targets *targets, const uint8_t *code, uint32_t destination)
{
	if (destination >= targets->length || code[destination] != opcode_jumpdest)
		return false;
	if (destination >= targets->analyzed)
		analyze_up_to(targets, code, destination);
	return targets->bits[destination / 32] >> (destination % 32) & 1;
}

struct jump_targets *jump_target_cache_find(struct jump_target_cache *cache, struct arena *arena, const struct bytes32 *code_hash,
                                            uint32_t keyed_hash, uint32_t code_length)
{
	struct jump_targets **bucket = &cache->buckets[keyed_hash % jump_target_buckets];
	for (struct jump_targets *known = *bucket; known != NULL; known = known->next)
		if (bytes32_equal(&known->code_hash, code_hash))
			return known;
	void *place = arena_take(arena, jump_targets_size(code_length));
	if (place == NULL)
		return NULL;
	struct jump_targets *targets = jump_targets_begin(place, code_length);
	targets->code_hash = *code_hash;
	targets->next = *bucket;
	*bucket = targets;
	return targets;
}
