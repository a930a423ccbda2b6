#include "eth/trie.h"

#include "answer.h"
#include "eth/rlp.h"
#include "eth/witness.h"

/*
 * Input: a list of cases [ root (or an empty string: the empty trie), [ node* ], [ step* ] ], a step being [ key ] (get) or
 * [ key, value ] (put, delete). Prints per case, in a line, what each get finds, then the root or `failed STATUS`.
 */

static void answer_item(const uint8_t *bytes, size_t length)
{
	answer_hex(bytes, length);
	answer_text(" ");
}

static status step(struct trie *trie, struct rlp_reader *fields)
{
	struct slice key, value;
	TRY(rlp_string(fields, &key));
	if (rlp_at_end(fields)) {
		TRY(trie_get(trie, key, &value));
		answer_item(value.data, value.length);
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
	answer_item(result.bytes, sizeof result.bytes);
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
		if (result != STATUS_OK) {
			answer_text("failed ");
			answer_number(result);
		}
		answer_end_line();
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
