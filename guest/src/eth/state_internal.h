#ifndef GUEST_ETH_STATE_INTERNAL_H
#define GUEST_ETH_STATE_INTERNAL_H

#include "eth/keyed_hash.h"
#include "eth/trie.h"
#include "eth/world.h"

/* What the state is made of; only the state's own files know. */

/* Of an account: bytes are null until somebody asks for the code. */
struct code {
	struct bytes32 hash;
	struct slice bytes;
	bool is_loaded;
};

/* Stamps hold the number of a transaction (from 1), so that nothing is cleared between transactions. */
struct account {
	struct address address;
	uint64_t hash;
	bool is_loaded;
	bool is_in_trie;
	bool is_pending;   /* in the list of what the block may have changed */
	bool lost_storage; /* it was deleted with storage whose keys nobody knows */
	uint32_t warm_in, created_in, destroyed_in;
	uint64_t nonce;
	struct u256 balance;
	struct code *code;
	struct trie storage;
	struct slot *slots; /* whatever was written since the batch began */
	struct slot *dirty; /* whatever may differ from the trie */
	struct account *next_pending;
	struct bytes32 trie_key;
	/* When the batch began */
	bool existed_before;
	uint64_t nonce_before;
	struct u256 balance_before;
	struct bytes32 code_hash_before;
};

struct slot {
	struct account *account;
	struct slot *next;       /* of the same account's slots */
	struct slot *next_dirty;
	struct u256 key;
	bool is_loaded, is_listed, is_dirty, has_trie_key;
	uint32_t warm_in, original_in;
	struct bytes32 trie_key;
	struct u256 value;
	struct u256 original;  /* before transaction original_in, else it is `value` */
	struct u256 committed; /* in the trie */
	struct u256 before;    /* when the batch began */
};

/* Of transient storage; in the present transaction only. */
struct transient {
	const struct account *account;
	struct u256 key, value;
	size_t place; /* in the table */
};

enum journal_kind {
	JOURNAL_BALANCE,
	JOURNAL_NONCE,
	JOURNAL_CODE,
	JOURNAL_SLOT,
	JOURNAL_TRANSIENT,
	JOURNAL_WARM_ADDRESS,
	JOURNAL_WARM_SLOT,
	JOURNAL_CREATED,
	JOURNAL_DESTROYED,
	JOURNAL_LOG,
	JOURNAL_REFUND,
};

struct journal_entry {
	enum journal_kind kind;
	union {
		struct account *account;
		struct slot *slot;
		size_t transient;
	} of;
	union {
		struct u256 word;
		uint64_t number;
		struct code *code;
		int64_t refund;
	} old;
};

/* Open addressing; at most half of the places are taken. */
struct pointer_table {
	void **places;
	size_t mask;
	size_t count;
};

/* Its memory serves every transaction anew: a batch of TSTORE would fill whatever there is. */
struct transient_table {
	struct transient *entries;
	size_t count, size;
	uint32_t *places; /* index of an entry + 1, or 0 */
	size_t mask;
};

struct state {
	struct arena *arena;
	const struct witness *witness;
	struct trie accounts;
	struct hash_key hash_key;
	uint32_t transaction;
	struct pointer_table account_table;
	struct pointer_table slot_table;
	/* Found last, as one is mostly asked for several times in a row; null in the beginning. */
	struct account *last_account;
	struct slot *last_slot;
	struct transient_table transients;
	struct account *pending;

	struct journal_entry *journal;
	size_t journal_count, journal_size;
	struct account **destroyed;
	size_t destroyed_count, destroyed_size;
	struct log *logs;
	size_t log_count, log_size;
	int64_t refund;

	const struct bytes32 *ancestors;
	size_t ancestor_count;
	uint64_t first_ancestor;
};

extern struct code state_no_code;

/* The entry of an address; `load` brings its content from the trie. */
status state_find_account(struct state *state, const struct address *address, struct account **account);
status state_load_account(struct state *state, const struct address *address, struct account **account);
status state_find_slot(struct state *state, const struct address *address, const struct u256 *key, struct slot **slot);
status state_load_slot(struct state *state, const struct address *address, const struct u256 *key, struct slot **slot);
bool account_is_empty(const struct account *account);

status journal_push(struct state *state, struct journal_entry entry);
/* Lists the account among those that a commit looks at. */
void state_note_change(struct state *state, struct account *account);
/* Makes room for one more item: doubles the array, whose old place is lost. */
status state_grow(struct state *state, void **items, size_t *size, size_t count, size_t item_size);

/* Of an address (8 words of the key) and of a slot's key, to be added to that of its account. */
uint64_t state_hash_address(const struct state *state, const struct address *address);
uint64_t state_hash_key(const struct state *state, const struct u256 *key);

/* Forgets the transient storage. */
void transients_clear(struct state *state);

/* Where the slot stands in its account's trie; valid as long as the slot is. */
struct slice slot_trie_key(struct slot *slot);

#endif
