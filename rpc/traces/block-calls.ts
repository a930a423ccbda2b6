import type { FlatFrame, SealedBlock, Simulator } from '../../core/index.ts'
import type { RequestContext } from '../transport/request.ts'
import { parityCalls } from './parity-replay.ts'

interface TraceDeps {
  readonly simulator: Simulator
  readonly request: RequestContext
}

/** All calls of a block. Without transactions, as in the genesis, there are none. */
export async function callsOfBlock({ header, transactions }: SealedBlock, { simulator, request }: TraceDeps): Promise<FlatFrame[]> {
  if (transactions.length === 0) return []
  return (await simulator.traceBlock(header.number, parityCalls, request.signal)).flatMap(({ result }) => result)
}
