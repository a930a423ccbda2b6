import type { Common } from '@ethereumjs/common'
import {
  type BlockHeader,
  bytesToHex,
  type SealedBlock,
  type SealedTransaction,
  type TracedTransaction,
  type TraceOf,
  type Tracer,
} from '../../core/index.ts'
import { BlockExecution } from '../execution/block-execution.ts'
import { precompilesOf } from '../execution/message.ts'
import { assertNotAborted, type ExecutionObserver, observe } from '../execution/observer.ts'
import { type SimulateCallOptions, simulateCall } from '../execution/simulate.ts'
import { authoritiesOf } from '../execution/simulated-authorizations.ts'
import { decodeSealedTransaction } from '../execution/transaction-checks.ts'
import type { WorldState } from '../state/world-state.ts'
import { TraceBudget } from './budget.ts'
import { createTracer, resultOf } from './create-tracer.ts'

export interface ReplayBlockOptions {
  readonly common: Common
  /** At the root before the block; left there. */
  readonly state: WorldState
  readonly parent: BlockHeader
  readonly block: SealedBlock
  readonly signal?: AbortSignal
}

/**
 * Executes a sealed block again, up to where nobody watches any more.
 * @param observerOf gives who watches a transaction; undefined for one that is only executed
 * @param last index of the last transaction to execute
 * @throws TraceAbortedError
 */
async function replayBlock(
  { common, state, parent, block: { header, transactions, withdrawals }, signal }: ReplayBlockOptions,
  last: number,
  observerOf: (transaction: SealedTransaction) => ExecutionObserver | undefined,
): Promise<void> {
  const execution = await BlockExecution.begin({
    common,
    state,
    parent,
    timestamp: header.timestamp,
    coinbase: header.coinbase,
    prevRandao: header.mixHash,
    extraData: header.extraData,
    deposits: withdrawals,
    inboxRoot: header.parentBeaconBlockRoot,
    overrides: { gasLimit: header.gasLimit, baseFeePerGas: header.baseFeePerGas },
  })
  try {
    for (const transaction of transactions.slice(0, last + 1)) {
      assertNotAborted(signal)
      const observer = observerOf(transaction)
      if (observer === undefined) await execution.addTransaction(transaction.raw)
      else await addObserved(execution, transaction, { common, state, observer, ...(signal && { signal }) })
    }
  } finally {
    execution.abandon()
  }
}

interface Observation {
  readonly common: Common
  readonly state: WorldState
  readonly observer: ExecutionObserver
  readonly signal?: AbortSignal
}

async function addObserved(
  execution: BlockExecution,
  { raw, sender }: SealedTransaction,
  { common, state, observer, signal }: Observation,
): Promise<void> {
  const transaction = decodeSealedTransaction(raw, common)
  observer.begin({
    state: state.now,
    sender,
    to: transaction.to === undefined ? null : bytesToHex(transaction.to.bytes),
    coinbase: execution.header.coinbase,
    authorities: authoritiesOf(transaction),
    precompiles: precompilesOf(execution.vm),
  })
  const detach = observe(execution.vm, observer, signal)
  try {
    const { gasUsed, succeeded, returnData } = await execution.addTransaction(transaction)
    observer.end({ gas: transaction.gasLimit, gasUsed, failed: !succeeded, returnData })
  } finally {
    detach()
  }
}

export interface TraceTransactionOptions<T extends Tracer> extends ReplayBlockOptions {
  /** Of the transaction in the block. */
  readonly index: number
  readonly tracer: T
}

/**
 * Executes a sealed block again up to the transaction and traces that: debug_traceTransaction in geth's JSON shape.
 * @throws RangeError for an index beyond the block, TraceAbortedError, TraceTooLargeError
 */
export async function traceTransaction<T extends Tracer>({ index, tracer, ...replay }: TraceTransactionOptions<T>): Promise<TraceOf<T>> {
  const { block } = replay
  const target = block.transactions[index]
  if (target === undefined) throw new RangeError(`Block ${block.header.number} has no transaction ${index}.`)
  const observer = createTracer(tracer, { budget: new TraceBudget(), place: placeOf(target) })
  await replayBlock(replay, index, (transaction) => (transaction.index === index ? observer : undefined))
  return resultOf(tracer, observer)
}

/** Traces each transaction of a sealed block, in order: debug_traceBlockByNumber. @throws as `traceTransaction` */
export async function traceBlock<T extends Tracer>({
  tracer,
  ...replay
}: ReplayBlockOptions & { readonly tracer: T }): Promise<TracedTransaction<T>[]> {
  const budget = new TraceBudget()
  const { transactions } = replay.block
  const observers = transactions.map((transaction) => createTracer(tracer, { budget, place: placeOf(transaction) }))
  await replayBlock(replay, transactions.length - 1, ({ index }) => observers[index])
  return observers.map((observer, index) => ({ txHash: transactions[index]?.hash ?? '0x', result: resultOf(tracer, observer) }))
}

function placeOf({ blockHash, blockNumber, hash, index }: SealedTransaction) {
  return { blockHash, blockNumber, transactionHash: hash, index }
}

/**
 * Simulates a call and traces it: debug_traceCall.
 * @throws InvalidTransactionError, TraceAbortedError, TraceTooLargeError
 */
export async function traceCall<T extends Tracer>(options: Omit<SimulateCallOptions, 'observer'>, tracer: T): Promise<TraceOf<T>> {
  const observer = createTracer(tracer, { budget: new TraceBudget() })
  await simulateCall({ ...options, observer })
  return resultOf(tracer, observer)
}
