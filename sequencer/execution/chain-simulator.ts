import type { Common } from '@ethereumjs/common'
import {
  type AccessListResult,
  type BlocksSimulation,
  type CallOutcome,
  type CallRequest,
  GenesisNotTraceableError,
  type Hex,
  type SealedBlock,
  type SimulatedBlock,
  type SimulationContext,
  type Simulator,
  StateUnavailableError,
  type TracedTransaction,
  type TraceOf,
  type Tracer,
  TransactionNotFoundError,
  type UnsealedState,
} from '../../core/index.ts'
import {
  createAccessList,
  decodeTouched,
  estimateGas,
  type SimulateCallOptions,
  simulateBlocks,
  simulateCall,
  traceBlock,
  traceCall,
  traceTransaction,
  WorldState,
} from '../../stf/index.ts'
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

  pendingBlock(): Promise<SealedBlock> {
    return this.#pending.use(({ execution }) => execution.preview())
  }

  readPending<T>(read: (state: UnsealedState) => T): Promise<T> {
    return this.#pending.use(async ({ state: { now } }) => read({ account: now.account, code: now.code, storage: now.slot }))
  }

  accessList(request: CallRequest, context: SimulationContext, signal?: AbortSignal): Promise<AccessListResult> {
    return this.#simulate(request, context, (options) => createAccessList({ ...options, ...(signal && { signal }) }))
  }

  async simulateBlocks(
    request: BlocksSimulation,
    { blockNumber, pending = false }: Pick<SimulationContext, 'blockNumber' | 'pending'>,
    signal: AbortSignal,
  ): Promise<SimulatedBlock[]> {
    const options = { ...request, common: this.#common, signal }
    if (pending) {
      return this.#pending.use(async ({ execution, state }) => {
        const { header } = await execution.preview()
        return simulateBlocks({ ...options, state, base: header })
      })
    }
    const { header } = this.#block(blockNumber)
    return this.#spares.use(this.#store.rootAfter(blockNumber), (state) => simulateBlocks({ ...options, state, base: header }))
  }

  traceCall<T extends Tracer>(request: CallRequest, context: SimulationContext, tracer: T, signal: AbortSignal): Promise<TraceOf<T>> {
    return this.#simulate(request, context, (options) => traceCall({ ...options, signal }, tracer))
  }

  async traceTransaction<T extends Tracer>(hash: Hex, tracer: T, signal: AbortSignal): Promise<TraceOf<T>> {
    const transaction = this.#store.transaction(hash)
    if (transaction === undefined) throw new TransactionNotFoundError(hash)
    return traceTransaction({ ...this.#replay(transaction.blockNumber), index: transaction.index, tracer, signal })
  }

  async traceBlock<T extends Tracer>(blockNumber: bigint, tracer: T, signal: AbortSignal): Promise<TracedTransaction<T>[]> {
    return traceBlock({ ...this.#replay(blockNumber), tracer, signal })
  }

  touchedAddresses(blockNumber: bigint): ReadonlySet<Hex> {
    const record = this.#store.record(blockNumber)
    return new Set(record === undefined ? [] : decodeTouched(record.touched).map(({ address }) => address))
  }

  /** What a sealed block is executed again on. */
  #replay(blockNumber: bigint) {
    if (blockNumber === 0n) throw new GenesisNotTraceableError()
    const block = this.#block(blockNumber)
    const parent = this.#block(blockNumber - 1n).header
    return { common: this.#common, state: WorldState.at(this.#store.rootAfter(blockNumber - 1n), this.#store.states), parent, block }
  }

  async #simulate<T>(
    call: CallRequest,
    { blockNumber, pending = false, stateOverrides, blockOverrides, console }: SimulationContext,
    run: (options: SimulateCallOptions) => Promise<T>,
  ): Promise<T> {
    const options = {
      ...{ common: this.#common, call },
      ...(stateOverrides && { stateOverrides }),
      ...(blockOverrides && { blockOverrides }),
      ...(console && { console }),
    }
    if (pending) return this.#pending.use(({ execution, state }) => run({ ...options, state, environment: execution.header }))
    const { header } = this.#block(blockNumber)
    return this.#spares.use(this.#store.rootAfter(blockNumber), (state) => run({ ...options, state, environment: header }))
  }

  #block(number: bigint): SealedBlock {
    const block = this.#store.blockByNumber(number)
    if (block === undefined) throw new StateUnavailableError({ block: number, historyStart: this.#store.historyStart() })
    return block
  }
}
