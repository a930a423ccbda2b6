// Written by scripts/gen-contracts.ts. Do not edit.
// Source: contracts/src/l2/L2Messenger.sol

export const l2MessengerAbi = [
  {"anonymous":false,"inputs":[{"indexed":true,"internalType":"address","name":"sender","type":"address"},{"indexed":true,"internalType":"bytes32","name":"hash","type":"bytes32"},{"indexed":false,"internalType":"bytes","name":"message","type":"bytes"}],"name":"L1MessageSent","type":"event"},
  {"inputs":[{"internalType":"bytes","name":"message","type":"bytes"}],"name":"sendToL1","outputs":[{"internalType":"bytes32","name":"hash","type":"bytes32"}],"stateMutability":"nonpayable","type":"function"},
] as const

export const l2MessengerDeployedBytecode: `0x${string}` =
  '0x608060405234801561000f575f5ffd5b5060043610610029575f3560e01c806362f84b241461002d575b5f5ffd5b61004061003b3660046100c4565b610052565b60405190815260200160405180910390f35b5f8282604051610063929190610132565b60405180910390209050803373ffffffffffffffffffffffffffffffffffffffff167f3a36e47291f4201faf137fab081d92295bce2d53be2c6ca68ba82c7faa9ce24185856040516100b6929190610141565b60405180910390a392915050565b5f5f602083850312156100d5575f5ffd5b823567ffffffffffffffff8111156100eb575f5ffd5b8301601f810185136100fb575f5ffd5b803567ffffffffffffffff811115610111575f5ffd5b856020828401011115610122575f5ffd5b6020919091019590945092505050565b818382375f9101908152919050565b60208152816020820152818360408301375f818301604090810191909152601f9092017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe016010191905056fea164736f6c6343000825000a'
