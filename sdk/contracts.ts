import { parseAbi } from 'viem'

/** The Bridge on L1, as far as users call it. */
export const bridgeAbi = parseAbi([
  'function depositETH(address to) payable returns (uint64 inboxIndex)',
  'function finalizeWithdrawal(uint64 batchNumber, uint64 messageIndex, uint16 txNumberInBatch, bytes message, bytes32[] proof)',
  'function isWithdrawalFinalized(uint64 batchNumber, uint64 messageIndex) view returns (bool)',
  'event DepositInitiated(uint64 indexed inboxIndex, address indexed sender, address indexed to, uint256 amount)',
])

/** Ether on L2. */
export const baseTokenAddress = '0x000000000000000000000000000000000000800a'
export const baseTokenAbi = parseAbi(['function withdraw(address l1Receiver) payable'])

/** Sends any message from L2 to L1. */
export const messengerAddress = '0x0000000000000000000000000000000000008008'
export const messengerAbi = parseAbi(['function sendToL1(bytes message) returns (bytes32 hash)'])
