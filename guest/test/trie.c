#include "eth/trie.h"

#include <stdio.h>

#include "eth/rlp.h"
#include "eth/witness.h"
#include "platform/platform.h"

/*
 * Input: a list of cases [ root (or an empty string: the empty trie), [ node* ], [ step* ] ], a step being [ key ] (get) or
 * [ key, value ] (put, delete). Prints per case, in a line, what each get finds, then the root or `failed STATUS`.
 */

static void print(const uint8_t *bytes, size_t length)
{
	printf("0x");
	for (size_t i = 0; i < length; i++)
		printf("%02x", bytes[i]);
	printf(" ");
}

static status step(struct trie *trie, struct rlp_reader *fields)
{
	struct slice key, value;
	TRY(rlp_string(fields, &key));
	if (rlp_at_end(fields)) {
		TRY(trie_get(trie, key, &value));
		print(value.data, value.length);
		return STATUS_OK;
	}
	TRY(rlp_string(fields, &value));
	TRY(rlp_end(fields));
	return value.length == 0 ? trie_delete(trie, key) : trie_put(trie, key, value);
}

static status run(struct rlp_reader fields, struct arena *arena)
{
	struct rlp_reader nodes, steps;
	struct slice root;
	struct witness witness = {0};
	struct trie trie;
	TRY(rlp_string(&fields, &root));
	TRY(rlp_list(&fields, &nodes));
	TRY(rlp_list(&fields, &steps));
	TRY(rlp_end(&fields));
	TRY(witness_table_init(&witness.nodes, arena, nodes));
	if (root.length == 32) {
		struct bytes32 hash;
		memcpy(hash.bytes, root.data, sizeof hash.bytes);
		TRY(trie_init(&trie, arena, &witness, &hash));
	} else {
		trie_init_empty(&trie, arena);
	}
	while (!rlp_at_end(&steps)) {
		struct rlp_reader one;
		TRY(rlp_list(&steps, &one));
		TRY(step(&trie, &one));
	}
	struct bytes32 result;
	TRY(trie_root(&trie, &result));
	print(result.bytes, sizeof result.bytes);
	return STATUS_OK;
}

static status run_all(struct slice input, struct arena *arena)
{
	struct rlp_reader cases;
	TRY(rlp_only_list(input, &cases));
	while (!rlp_at_end(&cases)) {
		struct rlp_reader one;
		TRY(rlp_list(&cases, &one));
		size_t mark = arena_mark(arena);
		status result = run(one, arena);
		if (result != STATUS_OK)
			printf("failed %d", (int)result);
		printf("\n");
		failure_reset();
		arena_release(arena, mark);
	}
	return STATUS_OK;
}

int main(void)
{
	struct slice input;
	struct arena arena;
	status result = platform_input(&input);
	if (result == STATUS_OK)
		result = platform_memory(&arena);
	if (result == STATUS_OK)
		result = run_all(input, &arena);
	platform_halt(result);
}
