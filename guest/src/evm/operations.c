#include "evm/operations.h"

#define ITEM sizeof(struct u256)
#define HEIGHTS(pops_, pushes_) \
	.least = (pops_) * ITEM, .most = (evm_max_stack - ((pushes_) > (pops_) ? (pushes_) - (pops_) : 0)) * ITEM
#define NAMED(name, gas_, pops_, pushes_) {.run = op_##name, .gas = gas_, HEIGHTS(pops_, pushes_)}
#define INLINE(gas_, pops_, pushes_) {.run = NULL, .gas = gas_, HEIGHTS(pops_, pushes_)}
#define INVALID NAMED(invalid, 0, 0, 0)
#define PUSH INLINE(3, 0, 1)
#define DUP(n) INLINE(3, n, n + 1)
#define SWAP(n) INLINE(3, n + 1, n + 1)
#define LOG(n) NAMED(log, 375 * (n + 1), n + 2, 0)
#define FOUR(...) __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__
#define SIXTEEN(...) __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, \
	__VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__

/* What has no entry is zero, so each row is whole. */
const struct operation operations[256] = {
	/* 0x00 */
	NAMED(stop, 0, 0, 0), INLINE(3, 2, 1), NAMED(mul, 5, 2, 1), INLINE(3, 2, 1), NAMED(div, 5, 2, 1), NAMED(sdiv, 5, 2, 1),
	NAMED(mod, 5, 2, 1), NAMED(smod, 5, 2, 1), NAMED(addmod, 8, 3, 1), NAMED(mulmod, 8, 3, 1), NAMED(exp, 10, 2, 1),
	NAMED(signextend, 5, 2, 1), FOUR(INVALID),
	/* 0x10 */
	INLINE(3, 2, 1), INLINE(3, 2, 1), NAMED(slt, 3, 2, 1), NAMED(sgt, 3, 2, 1), INLINE(3, 2, 1), INLINE(3, 1, 1),
	INLINE(3, 2, 1), NAMED(or, 3, 2, 1), NAMED(xor, 3, 2, 1), NAMED(not, 3, 1, 1), NAMED(byte, 3, 2, 1), NAMED(shl, 3, 2, 1),
	NAMED(shr, 3, 2, 1), NAMED(sar, 3, 2, 1), NAMED(clz, 5, 1, 1), INVALID,
	/* 0x20 */
	NAMED(keccak256, 30, 2, 1), INVALID, INVALID, INVALID, FOUR(INVALID), FOUR(INVALID), FOUR(INVALID),
	/* 0x30; the accesses of EIP-2929 are charged by the operation */
	NAMED(address, 2, 0, 1), NAMED(balance, 0, 1, 1), NAMED(origin, 2, 0, 1), NAMED(caller, 2, 0, 1), NAMED(callvalue, 2, 0, 1),
	NAMED(calldataload, 3, 1, 1), NAMED(calldatasize, 2, 0, 1), NAMED(calldatacopy, 3, 3, 0), NAMED(codesize, 2, 0, 1),
	NAMED(codecopy, 3, 3, 0), NAMED(gasprice, 2, 0, 1), NAMED(extcodesize, 0, 1, 1), NAMED(extcodecopy, 0, 4, 0),
	NAMED(returndatasize, 2, 0, 1), NAMED(returndatacopy, 3, 3, 0), NAMED(extcodehash, 0, 1, 1),
	/* 0x40 */
	NAMED(blockhash, 20, 1, 1), NAMED(coinbase, 2, 0, 1), NAMED(timestamp, 2, 0, 1), NAMED(number, 2, 0, 1), NAMED(prevrandao, 2, 0, 1),
	NAMED(gaslimit, 2, 0, 1), NAMED(chainid, 2, 0, 1), NAMED(selfbalance, 5, 0, 1), NAMED(basefee, 2, 0, 1), NAMED(blobhash, 3, 1, 1),
	NAMED(blobbasefee, 2, 0, 1), INVALID, FOUR(INVALID),
	/* 0x50 */
	INLINE(2, 1, 0), NAMED(mload, 3, 1, 1), NAMED(mstore, 3, 2, 0), NAMED(mstore8, 3, 2, 0), NAMED(sload, 0, 1, 1),
	NAMED(sstore, 0, 2, 0), NAMED(jump, 8, 1, 0), NAMED(jumpi, 10, 2, 0), NAMED(pc, 2, 0, 1), NAMED(msize, 2, 0, 1), NAMED(gas, 2, 0, 1),
	INLINE(1, 0, 0), NAMED(tload, 100, 1, 1), NAMED(tstore, 100, 2, 0), NAMED(mcopy, 3, 3, 0), INLINE(2, 0, 1),
	/* 0x60 */
	SIXTEEN(PUSH), SIXTEEN(PUSH),
	/* 0x80 */
	DUP(1), DUP(2), DUP(3), DUP(4), DUP(5), DUP(6), DUP(7), DUP(8), DUP(9), DUP(10), DUP(11), DUP(12), DUP(13), DUP(14), DUP(15), DUP(16),
	/* 0x90 */
	SWAP(1), SWAP(2), SWAP(3), SWAP(4), SWAP(5), SWAP(6), SWAP(7), SWAP(8), SWAP(9), SWAP(10), SWAP(11), SWAP(12), SWAP(13), SWAP(14),
	SWAP(15), SWAP(16),
	/* 0xa0 */
	LOG(0), LOG(1), LOG(2), LOG(3), LOG(4), INVALID, INVALID, INVALID, FOUR(INVALID), FOUR(INVALID),
	/* 0xb0 */
	SIXTEEN(INVALID), SIXTEEN(INVALID), SIXTEEN(INVALID), SIXTEEN(INVALID),
	/* 0xf0 */
	NAMED(create, 32000, 3, 1), NAMED(call, 0, 7, 1), NAMED(callcode, 0, 7, 1), NAMED(return, 0, 2, 0), NAMED(delegatecall, 0, 6, 1),
	NAMED(create2, 32000, 4, 1), FOUR(INVALID), NAMED(staticcall, 0, 6, 1), INVALID, INVALID, NAMED(revert, 0, 2, 0), INVALID,
	NAMED(selfdestruct, 5000, 1, 0),
};
