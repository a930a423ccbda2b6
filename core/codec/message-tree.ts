import type { Log } from '../chain/block.ts'
import { predeploys } from '../chain/predeploys.ts'
import { bytesToHex, concatBytes, type Hex, hexToBytes } from '../hex.ts'
import { bigintToBytes, bytesToBigint } from '../integer.ts'
import { keccak256, keccak256Hex } from '../keccak.ts'

/** An L2 → L1 message of a batch (docs/formats.md §4). */
export interface L2Message {
  /** Place of its transaction among all transactions of the batch. */
  readonly txNumberInBatch: number
  readonly sender: Hex
  readonly message: Uint8Array
}

export interface WithdrawalMessage {
  readonly l1Receiver: Hex
  /** Wei. */
  readonly amount: bigint
}

/** topic0 of `L1MessageSent(address,bytes32,bytes)`. */
export const messageSentTopic = keccak256Hex(new TextEncoder().encode('L1MessageSent(address,bytes32,bytes)'))

/** Root of a batch without messages. */
export const emptyMessagesRoot: Hex = `0x${'00'.repeat(32)}`

const leafBytes = 88
const paddingLeaf = keccak256(new Uint8Array(leafBytes))
const leafHead = Uint8Array.of(0x00, 0x01)
const messenger = hexToBytes(predeploys.messenger)
const withdrawalSelector = Uint8Array.of(0x6c, 0x09, 0x60, 0xf9)
const maxProofLength = 32

export function messageLeaf({ txNumberInBatch, sender, message }: L2Message): Hex {
  return keccak256Hex(
    concatBytes(leafHead, bigintToBytes(BigInt(txNumberInBatch), 2), messenger, new Uint8Array(12), hexToBytes(sender), keccak256(message)),
  )
}

/** Root of the batch's tree; the leaves are padded to a power of two. */
export function messagesRoot(leaves: readonly Hex[]): Hex {
  const root = messageLevels(leaves).at(-1)?.[0]
  return root === undefined ? emptyMessagesRoot : bytesToHex(root)
}

/** Siblings of the leaf from the bottom up; empty for the only leaf. Throws RangeError for an index without leaf. */
export function messageProof(leaves: readonly Hex[], index: number): Hex[] {
  if (leaves[index] === undefined) throw new RangeError(`no message with index ${index} among ${leaves.length}`)
  return messageLevels(leaves)
    .slice(0, -1)
    .map((level, depth) => bytesToHex(level[(index >> depth) ^ 1] ?? paddingLeaf))
}

export interface MessageProofCheck {
  readonly leaf: Hex
  readonly index: number
  readonly proof: readonly Hex[]
  readonly root: Hex
}

/** Whether the leaf is at that index of the tree with that root. */
export function verifyMessageProof({ leaf, index, proof, root }: MessageProofCheck): boolean {
  // An index beyond the proof's tree would make one leaf provable under many indexes, each a withdrawal of its own.
  if (!Number.isSafeInteger(index) || index < 0 || proof.length > maxProofLength || index >= 2 ** proof.length) return false
  let node = hexToBytes(leaf)
  let position = index
  for (const sibling of proof) {
    node = position % 2 === 0 ? hashNode(node, hexToBytes(sibling)) : hashNode(hexToBytes(sibling), node)
    position = Math.floor(position / 2)
  }
  return bytesToHex(node) === root
}

function messageLevels(leaves: readonly Hex[]): Uint8Array[][] {
  if (leaves.length === 0) return []
  const padded = 2 ** Math.ceil(Math.log2(leaves.length))
  let level = Array.from({ length: padded }, (_, index) => {
    const leaf = leaves[index]
    return leaf === undefined ? paddingLeaf : hexToBytes(leaf)
  })
  const levels = [level]
  while (level.length > 1) {
    const below = level
    level = Array.from({ length: below.length / 2 }, (_, index) =>
      hashNode(below[2 * index] ?? paddingLeaf, below[2 * index + 1] ?? paddingLeaf),
    )
    levels.push(level)
  }
  return levels
}

function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return keccak256(concatBytes(left, right))
}

/** The part of a log that makes a message. */
export type MessageLog = Pick<Log, 'address' | 'topics' | 'data'>

/** The messages of a batch, in order, from all its receipts in order. */
export function messagesOfReceipts(receipts: readonly { readonly logs: readonly MessageLog[] }[]): L2Message[] {
  return receipts.flatMap(({ logs }, txNumberInBatch) => logs.flatMap((log) => messageOfLog(log, txNumberInBatch) ?? []))
}

/** The message that a log announces; undefined for any other log, and for one that the messenger's own code cannot emit. */
export function messageOfLog({ address, topics, data }: MessageLog, txNumberInBatch: number): L2Message | undefined {
  if (address !== predeploys.messenger || topics.length !== 3 || topics[0] !== messageSentTopic) return undefined
  const [, senderTopic, hashTopic] = topics
  if (senderTopic === undefined || !senderTopic.startsWith(`0x${'00'.repeat(12)}`)) return undefined
  const message = decodeAbiBytes(hexToBytes(data))
  if (message === undefined || keccak256Hex(message) !== hashTopic) return undefined
  return { txNumberInBatch, sender: `0x${senderTopic.slice(26)}`, message }
}

/** `abi.decode(data, (bytes))` in its only canonical form. */
function decodeAbiBytes(data: Uint8Array): Uint8Array | undefined {
  if (data.length < 64 || bytesToBigint(data.subarray(0, 32)) !== 32n) return undefined
  const length = bytesToBigint(data.subarray(32, 64))
  if (length > BigInt(data.length) || data.length !== 64 + Math.ceil(Number(length) / 32) * 32) return undefined
  const end = 64 + Number(length)
  return data.subarray(end).some((byte) => byte !== 0) ? undefined : data.slice(64, end)
}

/** The message with which the base-token predeploy withdraws ETH, 56 bytes. */
export function encodeWithdrawalMessage({ l1Receiver, amount }: WithdrawalMessage): Uint8Array {
  return concatBytes(withdrawalSelector, hexToBytes(l1Receiver), bigintToBytes(amount, 32))
}

/** Undefined when the message is no ETH withdrawal. That its sender is the base-token predeploy is the caller's to check. */
export function decodeWithdrawalMessage(message: Uint8Array): WithdrawalMessage | undefined {
  if (message.length !== 56 || withdrawalSelector.some((byte, index) => message[index] !== byte)) return undefined
  return { l1Receiver: bytesToHex(message.subarray(4, 24)), amount: bytesToBigint(message.subarray(24)) }
}
