#ifndef GUEST_EVM_OPERATIONS_H
#define GUEST_EVM_OPERATIONS_H

#include "evm/frame.h"

/*
 * The interpreter has checked the stack's height and charged the constant part of the gas; frame->pc is behind the opcode. Every
 * other cost is charged before the state is read, so that a witness need not hold what a halted operation did not reach.
 */
typedef enum step operation_run(struct evm *evm, struct frame *frame);

struct operation {
	operation_run *run; /* null for what the interpreter does itself */
	uint16_t gas;
	/* Bytes that the stack holds before it, at least and at most. */
	uint16_t least, most;
};

extern const struct operation operations[256];

operation_run op_invalid;
/* Arithmetic, comparison, bits */
operation_run op_mul, op_div, op_sdiv, op_mod, op_smod, op_addmod, op_mulmod, op_exp, op_signextend;
operation_run op_slt, op_sgt, op_or, op_xor, op_not, op_byte, op_shl, op_shr, op_sar, op_clz;
/* The message, the transaction, the block */
operation_run op_address, op_origin, op_caller, op_callvalue, op_calldataload, op_calldatasize, op_calldatacopy, op_codesize, op_codecopy;
operation_run op_gasprice, op_returndatasize, op_returndatacopy, op_blockhash, op_coinbase, op_timestamp, op_number, op_prevrandao;
operation_run op_gaslimit, op_chainid, op_basefee, op_blobhash, op_blobbasefee;
/* Other accounts */
operation_run op_balance, op_selfbalance, op_extcodesize, op_extcodecopy, op_extcodehash;
/* Stack, memory, control */
operation_run op_mload, op_mstore, op_mstore8, op_mcopy, op_msize, op_keccak256;
operation_run op_stop, op_jump, op_jumpi, op_pc, op_gas, op_return, op_revert;
/* Storage, logs */
operation_run op_sload, op_sstore, op_tload, op_tstore, op_log;
/* Calls and creations */
operation_run op_call, op_callcode, op_delegatecall, op_staticcall, op_create, op_create2, op_selfdestruct;

#endif
