#include <stdio.h>

#include "crypto/keccak.h"
#include "eth/rlp.h"
#include "eth/witness.h"
#include "platform/platform.h"
#include "rollup/inbox.h"
#include "rollup/messages.h"
#include "rollup/prover_input.h"
#include "rollup/public_inputs.h"
#include "rollup/state_diff.h"

/*
 * Input: a list of [ name, … ], a line of output each:
 *   [ "digest", the 18 public inputs ]                        the digest
 *   [ "inbox", count, [frontier], [item*] ]                   the root at the count, then root and leaf after each item
 *   [ "messages", [ [transaction, sender, message]* ] ]       each leaf, then the root
 *   [ "diff", header, [ [address, exists, [nonce], [balance], [code], [ [key, value]* ]]* ] ]    the bytes
 *   [ "input", bytes ]                                        ok
 * `failed STATUS` where one fails.
 */

static void print(const void *bytes, size_t length)
{
	printf("0x");
	for (size_t i = 0; i < length; i++)
		printf("%02x", ((const uint8_t *)bytes)[i]);
	printf(" ");
}

static status run_digest(struct rlp_reader *fields, struct arena *arena)
{
	(void)arena;
	struct public_inputs inputs;
	struct bytes32 digest;
	TRY(rlp_u256(fields, &inputs.l1_chain_id));
	TRY(rlp_address(fields, &inputs.rollup));
	TRY(rlp_u256(fields, &inputs.l2_chain_id));
	TRY(rlp_u256(fields, &inputs.rules_version));
	TRY(rlp_u256(fields, &inputs.batch_number));
	TRY(rlp_bytes32(fields, &inputs.parent_block_hash));
	TRY(rlp_bytes32(fields, &inputs.state_root_before));
	TRY(rlp_bytes32(fields, &inputs.last_block_hash));
	TRY(rlp_bytes32(fields, &inputs.state_root_after));
	TRY(rlp_u256(fields, &inputs.first_block_number));
	TRY(rlp_u256(fields, &inputs.last_block_number));
	TRY(rlp_u256(fields, &inputs.last_timestamp));
	TRY(rlp_bytes32(fields, &inputs.state_diff_hash));
	TRY(rlp_u256(fields, &inputs.inbox_count_before));
	TRY(rlp_bytes32(fields, &inputs.inbox_root_before));
	TRY(rlp_u256(fields, &inputs.inbox_count_after));
	TRY(rlp_bytes32(fields, &inputs.inbox_root_after));
	TRY(rlp_bytes32(fields, &inputs.messages_root));
	public_inputs_digest(&inputs, &digest);
	print(digest.bytes, sizeof digest.bytes);
	return rlp_end(fields);
}

static status run_inbox(struct rlp_reader *fields, struct arena *arena)
{
	(void)arena;
	uint64_t count;
	struct rlp_reader frontier, items;
	struct inbox inbox;
	struct bytes32 hash;
	TRY(rlp_uint64(fields, &count));
	TRY(rlp_list(fields, &frontier));
	TRY(rlp_list(fields, &items));
	TRY(inbox_init_tree(&inbox, count, frontier));
	inbox_root(&inbox, &hash);
	print(hash.bytes, sizeof hash.bytes);
	while (!rlp_at_end(&items)) {
		struct inbox_item item;
		TRY(inbox_item_read(&items, &item));
		inbox_leaf(inbox.count, &item, &hash);
		print(hash.bytes, sizeof hash.bytes);
		TRY(inbox_append(&inbox, &hash));
		inbox_root(&inbox, &hash);
		print(hash.bytes, sizeof hash.bytes);
	}
	return rlp_end(fields);
}

static status run_messages(struct rlp_reader *fields, struct arena *arena)
{
	(void)arena;
	struct rlp_reader list;
	struct messages messages;
	struct bytes32 hash;
	messages_init(&messages);
	TRY(rlp_list(fields, &list));
	while (!rlp_at_end(&list)) {
		struct rlp_reader one;
		uint64_t transaction;
		uint8_t sender[32] = {0};
		struct slice message;
		TRY(rlp_list(&list, &one));
		TRY(rlp_uint64(&one, &transaction));
		TRY(rlp_fixed(&one, sender + 12, 20));
		TRY(rlp_string(&one, &message));
		messages_leaf((uint16_t)transaction, sender, message, &hash);
		print(hash.bytes, sizeof hash.bytes);
		TRY(messages_append(&messages, &hash));
	}
	messages_root(&messages, &hash);
	print(hash.bytes, sizeof hash.bytes);
	return rlp_end(fields);
}

static status read_slots(struct rlp_reader list, struct arena *arena, struct account_change *change)
{
	TRY(rlp_count(list, &change->slot_count));
	struct slot_change *slots = arena_take_array(arena, change->slot_count, sizeof *slots);
	if (slots == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	for (size_t i = 0; i < change->slot_count; i++) {
		struct rlp_reader pair;
		TRY(rlp_list(&list, &pair));
		TRY(rlp_u256(&pair, &slots[i].key));
		TRY(rlp_u256(&pair, &slots[i].value));
	}
	change->slots = slots;
	return STATUS_OK;
}

static status read_change(struct rlp_reader fields, struct arena *arena, struct account_change *change)
{
	uint64_t exists;
	struct rlp_reader nonce, balance, code, slots;
	*change = (struct account_change){0};
	TRY(rlp_address(&fields, &change->address));
	TRY(rlp_uint64(&fields, &exists));
	change->exists = exists != 0;
	TRY(rlp_list(&fields, &nonce));
	TRY(rlp_list(&fields, &balance));
	TRY(rlp_list(&fields, &code));
	TRY(rlp_list(&fields, &slots));
	change->nonce_changed = !rlp_at_end(&nonce);
	if (change->nonce_changed)
		TRY(rlp_uint64(&nonce, &change->nonce));
	change->balance_changed = !rlp_at_end(&balance);
	if (change->balance_changed)
		TRY(rlp_u256(&balance, &change->balance));
	change->code_changed = !rlp_at_end(&code);
	if (change->code_changed)
		TRY(rlp_string(&code, &change->code));
	keccak256(change->code.data, change->code.length, change->code_hash.bytes);
	return read_slots(slots, arena, change);
}

static status run_diff(struct rlp_reader *fields, struct arena *arena)
{
	struct slice header, diff;
	struct rlp_reader list;
	size_t count;
	TRY(rlp_string(fields, &header));
	TRY(rlp_list(fields, &list));
	TRY(rlp_count(list, &count));
	struct account_change *changes = arena_take_array(arena, count, sizeof *changes);
	if (changes == NULL)
		return FAIL(STATUS_OUT_OF_MEMORY);
	for (size_t i = 0; i < count; i++) {
		struct rlp_reader one;
		TRY(rlp_list(&list, &one));
		TRY(read_change(one, arena, &changes[i]));
	}
	TRY(state_diff_encode(header, changes, count, arena, &diff));
	print(diff.data, diff.length);
	return rlp_end(fields);
}

/* All that is read of an input before its blocks are executed, and the items that they would consume. */
static status run_input(struct rlp_reader *fields, struct arena *arena)
{
	struct slice bytes, block;
	struct prover_input input;
	struct witness witness;
	struct inbox inbox;
	TRY(rlp_string(fields, &bytes));
	TRY(prover_input_read(bytes, &input));
	while (!rlp_at_end(&input.blocks))
		TRY(rlp_string(&input.blocks, &block));
	TRY(witness_table_init(&witness.nodes, arena, input.nodes));
	TRY(witness_table_init(&witness.codes, arena, input.codes));
	TRY(inbox_init(&inbox, input.inbox_count_before, input.frontier, input.items));
	while (!rlp_at_end(&input.items)) {
		struct inbox_item item;
		struct bytes32 leaf;
		TRY(inbox_item_read(&input.items, &item));
		inbox_leaf(inbox.count, &item, &leaf);
		TRY(inbox_append(&inbox, &leaf));
	}
	printf("ok ");
	return rlp_end(fields);
}

static const struct {
	const char *name;
	status (*run)(struct rlp_reader *fields, struct arena *arena);
} commands[] = {
	{"digest", run_digest}, {"inbox", run_inbox}, {"messages", run_messages}, {"diff", run_diff}, {"input", run_input},
};

static status run(struct rlp_reader *cases, struct arena *arena)
{
	struct rlp_reader fields;
	struct slice name;
	TRY(rlp_list(cases, &fields));
	TRY(rlp_string(&fields, &name));
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		const char *known = commands[i].name;
		if (slice_equal(name, slice_of((const uint8_t *)known, __builtin_strlen(known))))
			return commands[i].run(&fields, arena);
	}
	return FAIL(STATUS_INTERNAL);
}

int main(void)
{
	struct slice input;
	struct arena arena;
	struct rlp_reader cases;
	if (platform_input(&input) != STATUS_OK || platform_memory(&arena) != STATUS_OK || rlp_only_list(input, &cases) != STATUS_OK)
		platform_halt(STATUS_INTERNAL);
	while (!rlp_at_end(&cases)) {
		status result = run(&cases, &arena);
		if (result != STATUS_OK)
			printf("failed %d", (int)result);
		printf("\n");
		failure_reset();
	}
	platform_halt(STATUS_OK);
}
