import { bigintToBytes, type ExecutionWitness, hexToBytes, StateUnavailableError } from '../../core/index.ts'
import { collectWitness, decodeChanges, decodeTouched } from '../../stf/index.ts'
import type { ChainStore } from '../storage/chain-store.ts'

/** @throws StateUnavailableError for the genesis, and where history starts later */
export function executionWitness(blockNumber: bigint, chain: ChainStore): ExecutionWitness {
  const parent = chain.record(blockNumber - 1n)
  const record = chain.record(blockNumber)
  if (parent === undefined || record === undefined) {
    throw new StateUnavailableError({ block: blockNumber - 1n, historyStart: chain.historyStart() })
  }
  const touched = decodeTouched(record.touched)
  const { nodes, codes } = collectWitness({
    stateRootBefore: chain.rootAfter(blockNumber - 1n),
    blocks: [{ touched, changes: decodeChanges(record.changes) }],
    store: chain,
  })
  const keys = touched.flatMap(({ address, slots }) => [hexToBytes(address), ...slots.map((slot) => bigintToBytes(slot, 32))])
  return { state: nodes, codes, keys, headers: [parent.header] }
}
