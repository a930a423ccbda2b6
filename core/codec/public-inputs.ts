import { bigintToBytes, concatBytes, type Hex, hexToBytes } from '../hex.ts'
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

const versionTag = new Uint8Array(32)
versionTag.set(new TextEncoder().encode('zkdevnet.batch.v1'))

const word = (value: bigint | Hex): Uint8Array => bigintToBytes(BigInt(value), 32)

/** The 19 words whose keccak256 is the digest, 608 bytes. */
function encodePublicInputs(inputs: PublicInputs): Uint8Array {
  return concatBytes(
    versionTag,
    word(inputs.l1ChainId),
    word(inputs.rollup),
    word(inputs.l2ChainId),
    word(inputs.rulesVersion),
    word(inputs.batchNumber),
    hexToBytes(inputs.parentBlockHash),
    hexToBytes(inputs.stateRootBefore),
    hexToBytes(inputs.lastBlockHash),
    hexToBytes(inputs.stateRootAfter),
    word(inputs.firstBlockNumber),
    word(inputs.lastBlockNumber),
    word(inputs.lastTimestamp),
    hexToBytes(inputs.stateDiffHash),
    word(inputs.inboxCountBefore),
    hexToBytes(inputs.inboxRootBefore),
    word(inputs.inboxCountAfter),
    hexToBytes(inputs.inboxRootAfter),
    hexToBytes(inputs.messagesRoot),
  )
}

export function batchDigest(inputs: PublicInputs): Hex {
  return keccak256Hex(encodePublicInputs(inputs))
}
