import { beforeAll, describe, expect, it } from 'vitest'
import { encodeStateDiff, type Hex, keccak256Hex } from '../../core/index.ts'
import { type ExecutedBlock, encodeHeader } from '../../stf/index.ts'
import { DevChain } from '../../stf/testing/dev-chain.ts'
import { genesisBatchOf } from '../batches/genesis-batch.ts'
import type { RecoveredBatch } from './executed-batches.ts'
import { StateReplay } from './state-replay.ts'

let genesis: ExecutedBlock
let batch: RecoveredBatch

beforeAll(async () => {
  genesis = (await DevChain.create()).genesis
  batch = { ...genesisBatchOf(genesis, 'attested'), commitTx: '0x', commitL1Block: 1n }
})

const other: Hex = `0x${'ee'.repeat(32)}`

describe('StateReplay', () => {
  it('grows the state from nothing', async () => {
    const replay = new StateReplay()
    await replay.apply(batch)
    expect(keccak256Hex(replay.result().header)).toBe(genesis.block.hash)
    expect(new Set([...replay.result().nodes].map(({ key }) => key))).toEqual(new Set(genesis.commit.newNodes.map(({ key }) => key)))
  })

  it('refuses a diff that is applied twice', async () => {
    const replay = new StateReplay()
    await replay.apply(batch)
    await expect(replay.apply(batch)).rejects.toThrow('does not fit the state')
  })

  it.each<[string, (valid: RecoveredBatch) => RecoveredBatch, string]>([
    ['bytes that are no diff', (valid) => ({ ...valid, stateDiff: Uint8Array.of(1, 2) }), 'not canonical'],
    ['another last block', (valid) => ({ ...valid, lastBlockHash: other }), 'another hash'],
    ['another last block number', (valid) => ({ ...valid, lastBlockNumber: 4n }), 'number 0, not 4'],
    ['another state root', (valid) => ({ ...valid, stateRoot: other }), 'state root'],
    [
      'a diff that leaves an account out',
      (valid) => ({ ...valid, stateDiff: encodeStateDiff({ header: encodeHeader(genesis.block.header), accounts: [] }) }),
      'leads to the state root',
    ],
    [
      'a header that is none',
      (valid) => ({
        ...valid,
        lastBlockHash: keccak256Hex(Uint8Array.of(0xc0)),
        stateDiff: encodeStateDiff({ header: Uint8Array.of(0xc0), accounts: [] }),
      }),
      'malformed',
    ],
  ])('refuses %s', async (_, change, message) => {
    await expect(new StateReplay().apply(change(batch))).rejects.toMatchObject({
      code: 'RECOVERY_DATA',
      message: expect.stringContaining(message),
    })
  })
})
