import type { Hex } from '../../core/index.ts'
import type { ExecutionObserver } from '../execution/observer.ts'
import type { TraceBudget } from './budget.ts'

/** Sees one transaction or call, and tells about it. */
export interface TransactionTracer extends ExecutionObserver {
  /** Geth's JSON. */
  result(): unknown
}

/** Where a traced transaction stands; a call has no such place. */
export interface TracedPlace {
  readonly blockHash: Hex
  readonly blockNumber: bigint
  readonly transactionHash: Hex
  readonly index: number
}

export interface TracerContext {
  readonly budget: TraceBudget
  readonly place?: TracedPlace
}
