import type { Common } from '@ethereumjs/common'
import {
  type CallOutcome,
  type CallRequest,
  type Hex,
  type SealedBlock,
  type SimulationContext,
  type Simulator,
  StateUnavailableError,
  type Tracer,
  TransactionNotFoundError,
} from '../../core/index.ts'
import { estimateGas, type SimulateCallOptions, simulateCall, traceCall, traceTransaction, WorldState } from '../../stf/index.ts'
import type { SqliteChainStore } from '../storage/sqlite-chain-store.ts'
import { type PendingBlockDeps, PendingBlocks } from './pending-block.ts'
import { SpareStates } from './spare-states.ts'

/**
 * Executions that leave no trace. Each runs on a state of its own over the shared nodes, so none can disturb sealing or
 * another one; those on the pending block take turns.
 */
export class ChainSimulator implements Simulator {
  readonly #common: Common
  readonly #store: SqliteChainStore
  readonly #pending: PendingBlocks
  readonly #spares: SpareStates

  constructor(deps: PendingBlockDeps) {
    this.#common = deps.common
    this.#store = deps.store
    this.#pending = new PendingBlocks(deps)
    this.#spares = new SpareStates(deps.store.states)
  }

  call(request: CallRequest, context: SimulationContext): Promise<CallOutcome> {
    return this.#simulate(request, context, simulateCall)
  }

  estimateGas(request: CallRequest, context: SimulationContext): Promise<bigint> {
    return this.#simulate(request, context, estimateGas)
  }

  traceCall(request: CallRequest, context: SimulationContext, tracer: Tracer, signal: AbortSignal): Promise<unknown> {
    return this.#simulate(request, context, (options) => traceCall(options, tracer, signal))
  }

  async traceTransaction(hash: Hex, tracer: Tracer, signal: AbortSignal): Promise<unknown> {
    const transaction = this.#store.transaction(hash)
    if (transaction === undefined) throw new TransactionNotFoundError(hash)
    const block = this.#block(transaction.blockNumber)
    const parent = this.#block(transaction.blockNumber - 1n)
    const state = WorldState.at(parent.header.stateRoot, this.#store.states)
    return traceTransaction({ common: this.#common, state, parent: parent.header, block, index: transaction.index, tracer, signal })
  }

  async #simulate<T>(
    call: CallRequest,
    { blockNumber, pending = false, stateOverrides, blockOverrides }: SimulationContext,
    run: (options: SimulateCallOptions) => Promise<T>,
  ): Promise<T> {
    const options = {
      ...{ common: this.#common, call },
      ...(stateOverrides && { stateOverrides }),
      ...(blockOverrides && { blockOverrides }),
    }
    if (pending) return this.#pending.use(({ execution, state }) => run({ ...options, state, environment: execution.header }))
    const { header } = this.#block(blockNumber)
    return this.#spares.use(header.stateRoot, (state) => run({ ...options, state, environment: header }))
  }

  #block(number: bigint): SealedBlock {
    const block = this.#store.blockByNumber(number)
    if (block === undefined) throw new StateUnavailableError({ block: number, historyStart: this.#store.historyStart() })
    return block
  }
}
