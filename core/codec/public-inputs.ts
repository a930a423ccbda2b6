import { concatBytes, type Hex } from '../hex.ts'
import { bigintToBytes } from '../integer.ts'
import { keccak256Hex } from '../keccak.ts'

/** The public inputs of a batch: docs/formats.md §1. */
export interface PublicInputs {
  readonly l1ChainId: bigint
  readonly rollup: Hex
  readonly l2ChainId: bigint
  readonly rulesVersion: bigint
  readonly batchNumber: bigint
  readonly parentBlockHash: Hex
  readonly stateRootBefore: Hex
  readonly lastBlockHash: Hex
  readonly stateRootAfter: Hex
  readonly firstBlockNumber: bigint
  readonly lastBlockNumber: bigint
  readonly lastTimestamp: bigint
  readonly stateDiffHash: Hex
  readonly inboxCountBefore: bigint
  readonly inboxRootBefore: Hex
  readonly inboxCountAfter: bigint
  readonly inboxRootAfter: Hex
  readonly messagesRoot: Hex
}

/** The words after the version tag, in order. */
export const publicInputNames = [
  'l1ChainId',
  'rollup',
  'l2ChainId',
  'rulesVersion',
  'batchNumber',
  'parentBlockHash',
  'stateRootBefore',
  'lastBlockHash',
  'stateRootAfter',
  'firstBlockNumber',
  'lastBlockNumber',
  'lastTimestamp',
  'stateDiffHash',
  'inboxCountBefore',
  'inboxRootBefore',
  'inboxCountAfter',
  'inboxRootAfter',
  'messagesRoot',
] as const satisfies readonly (keyof PublicInputs)[]

const versionTag = new Uint8Array(32)
versionTag.set(new TextEncoder().encode('zkdevnet.batch.v1'))

const word = (value: bigint | Hex): Uint8Array => bigintToBytes(BigInt(value), 32)

/** The 19 words whose keccak256 is the digest, 608 bytes. */
export function encodePublicInputs(inputs: PublicInputs): Uint8Array {
  return concatBytes(versionTag, ...publicInputNames.map((name) => word(inputs[name])))
}

export function batchDigest(inputs: PublicInputs): Hex {
  return keccak256Hex(encodePublicInputs(inputs))
}
