import type { StoredBatch } from '../chain/batch.ts'
import { concatBytes, type Hex, hexToBytes } from '../hex.ts'
import { bigintToBytes } from '../integer.ts'
import { keccak256Hex } from '../keccak.ts'

const word = (value: bigint): Uint8Array => bigintToBytes(value, 32)

/** `abi.encode(StoredBatch)`, 384 bytes (docs/formats.md §5). */
export function encodeStoredBatch(batch: StoredBatch): Uint8Array {
  return concatBytes(
    word(batch.number),
    hexToBytes(batch.lastBlockHash),
    hexToBytes(batch.stateRoot),
    word(batch.firstBlockNumber),
    word(batch.lastBlockNumber),
    word(batch.lastTimestamp),
    word(batch.inboxCount),
    hexToBytes(batch.inboxRoot),
    hexToBytes(batch.messagesRoot),
    hexToBytes(batch.stateDiffHash),
    hexToBytes(batch.digest),
    hexToBytes(batch.programId),
  )
}

/** What `Rollup.storedBatchHash(number)` holds. */
export function storedBatchHash(batch: StoredBatch): Hex {
  return keccak256Hex(encodeStoredBatch(batch))
}
