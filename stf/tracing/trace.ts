import type { Common } from '@ethereumjs/common'
import type { BlockHeader, SealedBlock, Tracer } from '../../core/index.ts'
import { BlockExecution } from '../execution/block-execution.ts'
import { type SimulateCallOptions, simulateCall } from '../execution/simulate.ts'
import type { WorldState } from '../state/world-state.ts'
import { CallTracer } from './call-tracer.ts'
import { StructLogger } from './struct-logger.ts'
import { observe, type StepObserver, TraceAbortedError } from './tracer.ts'

export interface TraceTransactionOptions {
  readonly common: Common
  /** At the root before the block; left there. */
  readonly state: WorldState
  readonly parent: BlockHeader
  readonly block: SealedBlock
  /** Of the transaction in the block. */
  readonly index: number
  readonly tracer: Tracer
  readonly signal?: AbortSignal
}

const createObserver = (tracer: Tracer): StepObserver => (tracer.name === 'callTracer' ? new CallTracer(tracer) : new StructLogger(tracer))

/**
 * Executes a sealed block again up to the transaction and traces that: debug_traceTransaction in geth's JSON shape.
 * @throws RangeError for an index beyond the block, TraceAbortedError
 */
export async function traceTransaction(options: TraceTransactionOptions): Promise<unknown> {
  const { common, state, parent, block, index, tracer, signal } = options
  const { header, transactions, withdrawals } = block
  const target = transactions[index]
  if (target === undefined) throw new RangeError(`Block ${header.number} has no transaction ${index}.`)
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
    for (const { raw } of transactions.slice(0, index)) {
      if (signal?.aborted) throw new TraceAbortedError(signal.reason)
      await execution.addTransaction(raw)
    }
    const observer = createObserver(tracer)
    const detach = observe(execution.vm, observer, signal)
    try {
      const { gasUsed, succeeded, returnData, transaction } = await execution.addTransaction(target.raw)
      return observer.result({ gas: transaction.gasLimit, gasUsed, failed: !succeeded, returnData })
    } finally {
      detach()
    }
  } finally {
    execution.abandon()
  }
}

/**
 * Simulates a call and traces it: debug_traceCall.
 * @throws InvalidTransactionError, TraceAbortedError
 */
export async function traceCall(options: Omit<SimulateCallOptions, 'observe'>, tracer: Tracer, signal?: AbortSignal): Promise<unknown> {
  const observer = createObserver(tracer)
  let gasLimit = 0n
  const { gasUsed, status, returnData } = await simulateCall({
    ...options,
    observe(vm, gas) {
      gasLimit = gas
      return observe(vm, observer, signal)
    },
  })
  return observer.result({ gas: gasLimit, gasUsed, failed: status !== 'success', returnData })
}
