import type { ChainReader, Simulator, StateReader, UnsealedState } from '../../core/index.ts'
import { isPending, requireBlockNumber } from '../blocks/resolve-block.ts'
import type { BlockRef } from '../schemas/block-ref.ts'

interface ReadDeps {
  readonly chain: ChainReader
  readonly state: StateReader
  readonly simulator: Simulator
}

/**
 * What `read` finds in the state after a block, the pending one included.
 * @throws JsonRpcError, StateUnavailableError
 */
export function readState<T>(ref: BlockRef, { chain, state, simulator }: ReadDeps, read: (view: UnsealedState) => T): T | Promise<T> {
  return isPending(ref) ? simulator.readPending(read) : read(state.stateAt(requireBlockNumber(ref, chain)))
}
