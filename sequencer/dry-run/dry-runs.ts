import {
  type Batch,
  type BatchCheck,
  type Divergence,
  decodeGuestLog,
  type EventSource,
  type FaultPoint,
  type GuestExecutor,
  GuestFaultError,
  type GuestRun,
  type Hex,
  isDevBatch,
  type Logger,
  type PublicInputs,
  type Service,
} from '../../core/index.ts'
import type { BatchStore } from '../batches/batch-store.ts'
import type { Lull } from '../batches/lull.ts'
import type { Timers } from '../settlement/timers.ts'
import { Wakeup } from '../settlement/wakeup.ts'
import type { ChainStore } from '../storage/chain-store.ts'
import type { CheckedBatches } from './checked-batches.ts'
import { ratesOfRun } from './cycle-rates.ts'
import type { DryRunResult, DryRunStore } from './dry-run-store.ts'
import { type UnconfirmedBatchError, unconfirmedBatchError } from './errors.ts'
import { explainDivergence } from './explain-divergence.ts'

export interface DryRunsDeps {
  readonly guest: GuestExecutor
  readonly batches: BatchStore
  readonly results: DryRunStore
  readonly chain: ChainStore
  /** docs/formats.md §6; throws `BatchIncompleteError`. */
  readonly proverInput: (batch: bigint) => Promise<Uint8Array>
  readonly publicInputs: (batch: Batch) => PublicInputs
  readonly events: EventSource
  /** Runs begin in it. */
  readonly lull: Lull
  readonly timers: Timers
  readonly log: Logger
  readonly faults: FaultPoint
  /** Called when a batch may be committed now. */
  readonly onPassed: () => void
  /** Called when sealing may go on. */
  readonly onAgreed: () => void
}

/**
 * Five times what the worst block can take (docs/guest.md): 30 million gas at 800 cycles each. A run of that length takes an hour of
 * patience at most, and a guest that runs longer would run for ever.
 */
const maxCycles = 2 ** 37
/** So often a run that goes on is logged. */
const progressLogMs = 10_000
const retryMs = 1_000
const maxRetryMs = 30_000
const idleMs = 60_000

/**
 * Runs the guest on every batch before it is committed: an EVM that shares no code with the sequencer's. Where the two differ nothing is
 * sealed or committed any more, until they agree, or the batch is gone.
 *
 * What the guest agreed with is remembered; what it did not agree with too, and is looked at again after a restart.
 */
export class DryRuns implements Service, CheckedBatches {
  readonly #deps: DryRunsDeps
  readonly #alarm: Wakeup
  readonly #stopped = new AbortController()
  #turn: Promise<unknown> = Promise.resolve()
  #interruptTurn = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #unsubscribe: () => void = () => undefined
  #divergence: UnconfirmedBatchError | undefined
  #checking: { batchNumber: bigint; cycles: number; startedMs: number; loggedMs: number } | undefined
  /** Whether the divergence was found by this process: then there is no need to look again. */
  #isFresh = false
  #failure: Error | undefined

  constructor(deps: DryRunsDeps) {
    this.#deps = deps
    this.#alarm = new Wakeup(deps.timers)
    this.#recall()
  }

  /** Whether the guest agreed with the batch, or is not asked: a dev batch is not proven. */
  passed(batch: Batch): boolean {
    return isDevBatch(batch) || this.#deps.results.passed(batch)
  }

  divergence(): UnconfirmedBatchError | undefined {
    return this.#divergence
  }

  /** Why no result is to be had, if so. */
  failure(): Error | undefined {
    return this.#divergence ?? this.#failure
  }

  /** The run in progress. */
  checking(): BatchCheck | null {
    if (this.#checking === undefined) return null
    const { batchNumber, cycles, startedMs } = this.#checking
    return { batchNumber, cycles, durationMs: this.#deps.timers.nowMs() - startedMs }
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#unsubscribe = this.#deps.events.on('batch', ({ batch }) => {
      if (batch.status === 'sealed') this.#alarm.ring()
    })
    this.#running = this.#run(AbortSignal.any([signal, this.#stopped.signal]))
  }

  async stop(): Promise<void> {
    this.#unsubscribe()
    this.#stopped.abort()
    this.#interruptTurn.abort()
    await this.#running
  }

  /** Runs the guest on the next batch that waits for it; false when there is none. Throws what makes that impossible. */
  advance(signal: AbortSignal): Promise<boolean> {
    const turn = this.#turn.then(() => {
      this.#interruptTurn = new AbortController()
      return this.#step(AbortSignal.any([signal, this.#interruptTurn.signal]))
    })
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** Gives up the run in progress, and begins none until the returned function is called. */
  async pause(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const before = this.#turn
    this.#turn = before.then(() => promise)
    this.#interruptTurn.abort()
    await before
    return resolve
  }

  /** Batches were cut back, perhaps the one on which the two did not agree. */
  reset(): void {
    this.#deps.results.forgetRates()
    this.#recall()
    this.#alarm.ring()
  }

  /** Takes up what an earlier process, or this one, found. */
  #recall(): void {
    const { batches, results } = this.#deps
    const known = results.divergence(batches.progress().lastCommitted)
    if (known === undefined || known.batchNumber !== this.#divergence?.divergence.batchNumber) this.#isFresh = false
    this.#divergence = known && unconfirmedBatchError(known)
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        const moved = await this.advance(signal)
        failures = 0
        this.#failure = undefined
        if (moved) continue
      } catch (error) {
        if (signal.aborted) return
        if (this.#interruptTurn.signal.aborted) continue
        failures++
        const failure = error instanceof Error ? error : new Error(String(error))
        if (this.#failure?.message !== failure.message) this.#deps.log.error({ err: failure }, 'guest cannot be run')
        this.#failure = failure
      }
      await this.#alarm.wait(failures === 0 ? idleMs : Math.min(retryMs * 2 ** Math.min(failures - 1, 16), maxRetryMs), signal)
    }
  }

  async #step(signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted()
    const { batches, results, guest } = this.#deps
    const number = results.firstUnchecked(batches.progress().lastCommitted, guest.programId)
    const batch = number === undefined ? undefined : batches.batch(number)
    // Whatever comes after a divergence stands on it.
    if (batch === undefined || (this.#divergence !== undefined && this.#isFresh)) return false
    await this.#deps.lull.wait(batch.sealedAtMs, signal)
    signal.throwIfAborted()
    const input = await this.#deps.proverInput(batch.number)
    const startedMs = this.#deps.timers.nowMs()
    this.#checking = { batchNumber: batch.number, cycles: 0, startedMs, loggedMs: startedMs }
    const result = await guest
      .run(input, { maxCycles, signal, onProgress: (cycles) => this.#onProgress(cycles) })
      .then(
        (run) => this.#judge(batch, run),
        (error: unknown) => {
          if (error instanceof GuestFaultError) return faultResult(batch, error)
          throw error
        },
      )
      .finally(() => {
        this.#checking = undefined
      })
    signal.throwIfAborted()
    if (!results.put(batch, result)) return true
    this.#deps.faults('batch checked')
    this.#conclude(batch, result)
    return true
  }

  #onProgress(cycles: number): void {
    if (this.#checking === undefined) return
    this.#checking.cycles = cycles
    const nowMs = this.#deps.timers.nowMs()
    if (nowMs - this.#checking.loggedMs < progressLogMs) return
    this.#checking.loggedMs = nowMs
    const { batchNumber, startedMs } = this.#checking
    this.#deps.log.info({ batch: batchNumber, cycles, durationMs: nowMs - startedMs }, 'guest still runs: commits wait, sealing does not')
  }

  #judge(batch: Batch, run: GuestRun): DryRunResult {
    const { chain, publicInputs, batches } = this.#deps
    const { cycles, weightedCycles, durationMs } = run
    const report = decodeGuestLog(run.log)
    const blocks = report.blocks.map(({ number }) => ({ ...chain.blockByNumber(number), receipts: chain.receipts(number) }))
    const stateDiff = batches.stateDiff(batch.number) ?? new Uint8Array()
    return {
      ...{ programId: batch.programId, cycles, weightedCycles, durationMs },
      ...ratesOfRun(report, { weightedCycles, gasUsed: (block, transaction) => blocks[block]?.receipts[transaction]?.gasUsed ?? 1n }),
      divergence:
        run.digest === batch.digest ? null : explainDivergence({ batch, run, stateDiff, publicInputs: publicInputs(batch) }, chain),
      transactions: report.blocks.flatMap(({ transactions }, block) =>
        transactions.flatMap((used, index) => {
          const hash: Hex | undefined = blocks[block]?.transactions?.[index]?.hash
          return hash === undefined ? [] : [{ ...used, hash }]
        }),
      ),
    }
  }

  #conclude({ number, transactionCount }: Batch, { divergence, cycles, weightedCycles, durationMs }: DryRunResult): void {
    const { log, onPassed, onAgreed } = this.#deps
    if (divergence !== null) {
      this.#divergence = unconfirmedBatchError(divergence)
      this.#isFresh = true
      log.error(
        { batch: number, block: divergence.blockNumber, reason: divergence.summary, details: divergence.details },
        divergence.kind === 'limit' ? 'batch is too large for the guest: sealing stops' : 'guest disagrees: sealing stops',
      )
      return
    }
    log.debug({ batch: number, txs: transactionCount, cycles, weightedCycles, durationMs }, 'guest agrees')
    if (this.#divergence !== undefined) {
      this.#divergence = undefined
      log.info({ batch: number }, 'guest agrees now: sealing goes on')
      onAgreed()
    }
    onPassed()
  }
}

function faultResult(batch: Batch, { reason, isLimit }: GuestFaultError): DryRunResult {
  const clause = reason.replace(/\.$/, '')
  const divergence: Divergence = {
    kind: isLimit ? 'limit' : 'results',
    batchNumber: batch.number,
    blockNumber: null,
    summary: isLimit ? clause : `no run of it comes to an end: ${clause}`,
    details: [],
  }
  const none = { cycles: 0, weightedCycles: 0, durationMs: 0, perGas: 0, perBlock: 0, perBatch: 0, transactions: [] }
  return { programId: batch.programId, divergence, ...none }
}
