#ifndef GUEST_EVM_OPERATIONS_H
#define GUEST_EVM_OPERATIONS_H

#include "evm/frame.h"

/*
 * The interpreter has checked the stack's height and charged the constant part of the gas; frame->pc is behind the opcode. Every
 * other cost is charged before the state is read, so that a witness need not hold what a halted operation did not reach.
 */
typedef enum step operation_run(struct evm *evm, struct frame *frame);

struct operation {
	operation_run *run;
	uint16_t gas;
	uint8_t pops;
	uint8_t growth; /* by how much the stack is higher afterwards; 0 where it is not */
};

extern const struct operation operations[256];

operation_run op_invalid;
/* Arithmetic, comparison, bits */
operation_run op_add, op_mul, op_sub, op_div, op_sdiv, op_mod, op_smod, op_addmod, op_mulmod, op_exp, op_signextend;
operation_run op_lt, op_gt, op_slt, op_sgt, op_eq, op_iszero, op_and, op_or, op_xor, op_not, op_byte, op_shl, op_shr, op_sar, op_clz;
/* The message, the transaction, the block */
operation_run op_address, op_origin, op_caller, op_callvalue, op_calldataload, op_calldatasize, op_calldatacopy, op_codesize, op_codecopy;
operation_run op_gasprice, op_returndatasize, op_returndatacopy, op_blockhash, op_coinbase, op_timestamp, op_number, op_prevrandao;
operation_run op_gaslimit, op_chainid, op_basefee, op_blobhash, op_blobbasefee;
/* Other accounts */
operation_run op_balance, op_selfbalance, op_extcodesize, op_extcodecopy, op_extcodehash;
/* Stack, memory, control */
operation_run op_pop, op_push, op_push0, op_dup, op_swap, op_mload, op_mstore, op_mstore8, op_mcopy, op_msize, op_keccak256;
operation_run op_stop, op_jump, op_jumpi, op_jumpdest, op_pc, op_gas, op_return, op_revert;
/* Storage, logs */
operation_run op_sload, op_sstore, op_tload, op_tstore, op_log;
/* Calls and creations */
operation_run op_call, op_callcode, op_delegatecall, op_staticcall, op_create, op_create2, op_selfdestruct;

#endif
