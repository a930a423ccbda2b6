// Written by scripts/gen-contracts.ts. Do not edit.
// Source: contracts/src/l2/L2BaseToken.sol

export const l2BaseTokenAbi = [
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"_l2Sender","type":"address"},{"indexed":true,"internalType":"address","name":"_l1Receiver","type":"address"},{"indexed":false,"internalType":"uint256","name":"_amount","type":"uint256"}],"name":"Withdrawal","type":"event"},
  {"inputs":[{"internalType":"address","name":"l1Receiver","type":"address"}],"name":"withdraw","outputs":[],"stateMutability":"payable","type":"function"},
] as const

export const l2BaseTokenDeployedBytecode: `0x${string}` =
  '0x60806040526004361061001d575f3560e01c806351cff8d914610021575b5f5ffd5b61003461002f36600461015a565b610036565b005b60405134815273ffffffffffffffffffffffffffffffffffffffff82169033907f2717ead6b9200dd235aad468c9809ea400fe33ac69b5bfaa6d3e90fc922b63989060200160405180910390a36040517f6c0960f90000000000000000000000000000000000000000000000000000000060208201527fffffffffffffffffffffffffffffffffffffffff000000000000000000000000606083901b166024820152346038820152618008906362f84b24906058016040516020818303038152906040526040518263ffffffff1660e01b81526004016101169190610194565b6020604051808303815f875af1158015610132573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061015691906101e7565b5050565b5f6020828403121561016a575f5ffd5b813573ffffffffffffffffffffffffffffffffffffffff8116811461018d575f5ffd5b9392505050565b602081525f82518060208401528060208501604085015e5f6040828501015260407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f83011684010191505092915050565b5f602082840312156101f7575f5ffd5b505191905056fea164736f6c6343000825000a'
