import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem'
import { expect, it } from 'vitest'
import type { StoredBatch } from '../chain/batch.ts'
import { bytesToHex, type Hex } from '../hex.ts'
import { encodeStoredBatch, storedBatchHash } from './stored-batch.ts'

const word = (byte: string): Hex => `0x${byte.repeat(32)}`
const batch: StoredBatch = {
  number: 7n,
  lastBlockHash: word('a1'),
  stateRoot: word('a2'),
  firstBlockNumber: 40n,
  lastBlockNumber: 2n ** 64n - 1n,
  lastTimestamp: 1_767_225_600n,
  inboxCount: 12n,
  inboxRoot: word('a3'),
  messagesRoot: word('a4'),
  stateDiffHash: word('a5'),
  digest: word('a6'),
  programId: word('a7'),
}

it('encodes a stored batch as Solidity does', () => {
  const types = parseAbiParameters(
    '(uint64 number, bytes32 lastBlockHash, bytes32 stateRoot, uint64 firstBlockNumber, uint64 lastBlockNumber, uint64 lastTimestamp, uint64 inboxCount, bytes32 inboxRoot, bytes32 messagesRoot, bytes32 stateDiffHash, bytes32 digest, bytes32 programId)',
  )
  const expected = encodeAbiParameters(types, [batch])
  expect(bytesToHex(encodeStoredBatch(batch))).toBe(expected)
  expect(storedBatchHash(batch)).toBe(keccak256(expected))
})
