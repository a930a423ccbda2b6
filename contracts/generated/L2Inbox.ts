// Written by scripts/gen-contracts.ts. Do not edit.
// Source: contracts/src/l2/L2Inbox.sol

export const l2InboxAbi = [
  {"inputs":[{"internalType":"uint256","name":"timestamp","type":"uint256"}],"name":"L2Inbox__RootNotFound","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"bytes32","name":"root","type":"bytes32"},{"indexed":false,"internalType":"uint256","name":"timestamp","type":"uint256"}],"name":"Anchored","type":"event"},
  {"inputs":[{"internalType":"uint256","name":"timestamp","type":"uint256"}],"name":"anchor","outputs":[{"internalType":"bytes32","name":"root","type":"bytes32"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[{"internalType":"bytes32","name":"root","type":"bytes32"}],"name":"anchored","outputs":[{"internalType":"bool","name":"","type":"bool"}],"stateMutability":"view","type":"function"},
] as const

export const l2InboxDeployedBytecode: `0x${string}` =
  '0x608060405234801561000f575f5ffd5b5060043610610034575f3560e01c8063b5c9d04614610038578063dd6491461461005e575b5f5ffd5b61004b610046366004610227565b610090565b6040519081526020015b60405180910390f35b61008061006c366004610227565b5f6020819052908152604090205460ff1681565b6040519015158152602001610055565b5f5f5f720f3df6d732807ef1319fb7b8bb8522d0beac0273ffffffffffffffffffffffffffffffffffffffff16846040516020016100d091815260200190565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152908290526101089161023e565b5f60405180830381855afa9150503d805f8114610140576040519150601f19603f3d011682016040523d82523d5f602084013e610145565b606091505b509150915081158061015957508051602014155b15610197576040517fd419c3cb0000000000000000000000000000000000000000000000000000000081526004810185905260240160405180910390fd5b808060200190518101906101ab9190610254565b5f818152602081905260409081902080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660011790555190935083907ffde54488b5523b3abf19b99976dd0e2c531fbcd233d0eb682c96c3a18cf6b3c1906102189087815260200190565b60405180910390a25050919050565b5f60208284031215610237575f5ffd5b5035919050565b5f82518060208501845e5f920191825250919050565b5f60208284031215610264575f5ffd5b505191905056fea164736f6c6343000825000a'
