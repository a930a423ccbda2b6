#ifndef GUEST_EVM_GAS_H
#define GUEST_EVM_GAS_H

/* What the table of operations does not hold: costs that depend on operands or on the state. */
enum gas {
	gas_warm_access = 100,         /* EIP-2929 */
	gas_cold_account = 2600,
	gas_cold_slot = 2100,
	gas_storage_set = 20000,       /* EIP-2200 */
	gas_storage_reset = 2900,      /* 5000 - gas_cold_slot */
	gas_storage_stipend = 2300,    /* SSTORE with no more than this halts */
	gas_refund_clear = 4800,       /* EIP-3529 */
	gas_call_value = 9000,
	gas_call_stipend = 2300,
	gas_new_account = 25000,
	gas_memory_word = 3,
	gas_copy_word = 3,
	gas_keccak_word = 6,
	gas_init_code_word = 2,        /* EIP-3860 */
	gas_log_byte = 8,
	gas_exp_byte = 50,
	gas_code_byte = 200,
};

enum {
	evm_max_depth = 1024,
	evm_max_stack = 1024,
	evm_max_code = 24576,          /* EIP-170 */
	evm_max_init_code = 49152,     /* EIP-3860 */
};

#endif
