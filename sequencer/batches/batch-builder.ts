import type { BatchControl, EventSink, EventSource, FaultPoint, Logger, OpenBatch, SealedBlock, Service } from '../../core/index.ts'
import type { Timers } from '../settlement/timers.ts'
import { Wakeup } from '../settlement/wakeup.ts'
import type { ChainStore } from '../storage/chain-store.ts'
import type { BatchStore, ClosedBatch } from './batch-store.ts'
import type { BuildBatchRequest } from './build-batch.ts'
import type { Lull } from './lull.ts'
import { type BatchLimits, BlockGathering } from './open-batch.ts'

export interface BatchBuilderDeps {
  readonly chain: ChainStore
  readonly store: BatchStore
  readonly build: (request: BuildBatchRequest) => Promise<ClosedBatch>
  /** Weighted cycles that the guest may take at most, as far as one knows. */
  readonly estimateCycles: (block: SealedBlock) => number
  readonly events: EventSource & EventSink
  /** Batches that nobody asked for are built in it. */
  readonly lull: Lull
  readonly timers: Timers
  readonly log: Logger
  readonly faults: FaultPoint
}

const idleWaitMs = 60_000
/** Between two looks whether provers keep up with an open batch that is old. */
const heldLookMs = 500
/** Between two attempts to store a batch. */
const retryMs = 5_000

/**
 * Cuts the chain into batches: gathers sealed blocks, and closes the open batch by its limits, by age or by command.
 *
 * What is gathered lives in memory only; a restart gathers the blocks after the last stored batch again.
 */
export class BatchBuilder implements Pick<BatchControl, 'seal'>, Service {
  readonly #limits: BatchLimits
  readonly #deps: BatchBuilderDeps
  readonly #alarm: Wakeup
  readonly #stopped = new AbortController()
  #open: BlockGathering
  /** Last blocks of batches that are closed and not yet stored, ascending. */
  #toBuild: bigint[] = []
  #turn: Promise<unknown> = Promise.resolve()
  #running: Promise<void> = Promise.resolve()
  #unsubscribe: () => void = () => undefined
  #failure: Error | undefined
  /** When the watch over the age looks again by itself. */
  #nextLookMs = Number.POSITIVE_INFINITY

  constructor(limits: BatchLimits, deps: BatchBuilderDeps) {
    this.#limits = limits
    this.#deps = deps
    this.#alarm = new Wakeup(deps.timers)
    this.#open = this.#gatherAgain()
  }

  open(): OpenBatch {
    this.#gatherNew()
    const { firstBlockNumber, lastBlockNumber, transactionCount, stateDiffBytes, estimatedCycles, devReasons } = this.#open
    const number = this.#latestStored().number + BigInt(this.#toBuild.length) + 1n
    return { number, firstBlockNumber, lastBlockNumber, transactionCount, stateDiffBytes, estimatedCycles, devReasons }
  }

  /** Why a closed batch could not be stored, if so. */
  failure(): Error | undefined {
    return this.#failure
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#unsubscribe = this.#deps.events.on('block', () => this.#onBlock())
    this.#running = this.#watch(AbortSignal.any([signal, this.#stopped.signal]))
    void this.#drain().catch(() => undefined)
  }

  /** After the batch that is being built; the other closed ones are gathered again by the next process. */
  async stop(): Promise<void> {
    this.#unsubscribe()
    this.#stopped.abort()
    await this.#running
    await this.#turn
  }

  async seal(): Promise<bigint | null> {
    const before = this.#latestStored().number
    this.#gatherNew()
    this.#close()
    await this.#drain()
    const { number } = this.#latestStored()
    return number === before ? null : number
  }

  /** Lets no batch be stored until the returned function is called. */
  async pause(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const before = this.#turn
    this.#turn = before.then(() => promise)
    await before
    return resolve
  }

  /** The chain or the stored batches were cut back: gathers anew. */
  reset(): void {
    this.#toBuild = []
    this.#open = this.#gatherAgain()
    this.#alarm.ring()
  }

  #onBlock(): void {
    this.#deps.lull.blockSealed()
    const toBuild = this.#toBuild.length
    this.#gatherNew()
    // Only the first block of a batch brings the deadline forward; to wake the watch for each one costs more than to gather it.
    const isDueEarlier = (this.#open.deadlineMs ?? Number.POSITIVE_INFINITY) < this.#nextLookMs
    if (this.#toBuild.length > toBuild || isDueEarlier) this.#alarm.ring()
  }

  #gatherAgain(): BlockGathering {
    this.#open = new BlockGathering(this.#latestStored().lastBlockNumber + 1n, this.#limits)
    this.#gatherNew()
    return this.#open
  }

  #gatherNew(): void {
    const head = this.#deps.chain.head().header.number
    for (let number = (this.#open.lastBlockNumber ?? this.#open.firstBlockNumber - 1n) + 1n; number <= head; number++) this.#gather(number)
  }

  #gather(number: bigint): void {
    const { chain, timers, estimateCycles } = this.#deps
    const block = chain.blockByNumber(number)
    const diffBytes = chain.diffBytes(number)
    const inputBytes = chain.inputBytes(number)
    if (block === undefined || diffBytes === undefined || inputBytes === undefined) throw new RangeError(`block ${number} is not stored`)
    const load = {
      ...{ number, diffBytes, inputBytes, gas: block.header.gasUsed },
      ...{ cycles: estimateCycles(block), devReasons: chain.devReasons(number) },
      ...{ transactions: block.transactions.length, deposits: block.withdrawals.length },
    }
    if (!this.#open.fits(load)) this.#close()
    this.#open.add(load, timers.nowMs())
    if (this.#open.isFull) this.#close()
  }

  #close(): void {
    const last = this.#open.lastBlockNumber
    if (last === null) return
    this.#toBuild.push(last)
    this.#open = new BlockGathering(last + 1n, this.#limits)
  }

  /** Builds and stores what is closed; rejects with what went wrong. Each batch is a turn of its own: a pause waits for one of them only. */
  async #drain(): Promise<void> {
    do {
      const turn = this.#turn.then(() => this.#buildNext())
      this.#turn = turn.catch(() => undefined)
      await turn
    } while (this.#toBuild.length > 0 && !this.#stopped.signal.aborted)
  }

  async #buildNext(): Promise<void> {
    const [last] = this.#toBuild
    try {
      if (last !== undefined && !this.#stopped.signal.aborted) {
        await this.#build(last)
        this.#toBuild.shift()
      }
      this.#failure = undefined
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error))
      this.#deps.log.error({ err: error }, 'batch cannot be built')
      throw error
    }
  }

  async #build(lastBlockNumber: bigint): Promise<void> {
    const { store, timers, events, log, faults, build } = this.#deps
    const startedMs = timers.nowMs()
    const closed = await build({ previous: this.#latestStored(), lastBlockNumber, sealedAtMs: startedMs })
    faults('diff built')
    this.#assertUpToDate(closed)
    store.add(closed)
    const batch = store.batch(closed.number)
    if (batch === undefined) throw new RangeError(`batch ${closed.number} was not stored`)
    log.info(
      {
        batch: batch.number,
        blocks: batch.lastBlockNumber - batch.firstBlockNumber + 1n,
        txs: batch.transactionCount,
        diffBytes: batch.stateDiffBytes,
        inputBytes: closed.proverInput?.length,
        ...(batch.proofType === 'dev' && { devReasons: batch.devReasons.length }),
        durationMs: timers.nowMs() - startedMs,
      },
      'batch sealed',
    )
    events.emit('batch', { batch })
  }

  /**
   * Whoever rewinds the chain pauses the builder first, and a pause waits for the batch that is being built. Should that fail one day, or a
   * thread have read another chain: a block's hash stands for all before it and for the state, so this tells whether the batch is of our chain.
   */
  #assertUpToDate({ number, lastBlockNumber, lastBlockHash }: ClosedBatch): void {
    const { chain } = this.#deps
    if (this.#latestStored().number + 1n === number && chain.blockByNumber(lastBlockNumber)?.hash === lastBlockHash) return
    throw new RangeError(`batch ${number} was built of blocks up to ${lastBlockNumber} that the chain no longer has`)
  }

  /** Closes the open batch when it is old, builds what is closed, and tries again what could not be stored: the chain may stay silent. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { timers, lull, chain, log } = this.#deps
    while (!signal.aborted) {
      const untilOldMs = (this.#open.deadlineMs ?? Number.POSITIVE_INFINITY) - timers.nowMs()
      const isHeld = untilOldMs <= 0 && !this.#mayCloseByAge()
      const waitMs = Math.min(isHeld ? heldLookMs : untilOldMs, this.#failure === undefined ? idleWaitMs : retryMs)
      this.#nextLookMs = timers.nowMs() + waitMs
      if (waitMs > 0) await this.#alarm.wait(waitMs, signal)
      if (signal.aborted) return
      if ((this.#open.deadlineMs ?? Number.POSITIVE_INFINITY) <= timers.nowMs() && this.#mayCloseByAge()) this.#close()
      if (this.#toBuild.length === 0) continue
      await lull.wait(timers.nowMs(), signal)
      if (signal.aborted) return
      await this.#drain().catch(() => undefined)
      // A lull is the time for that too.
      await chain.moveToTables().catch((error: unknown) => log.warn({ err: error }, 'blocks stay in the journal'))
    }
  }

  #mayCloseByAge(): boolean {
    const { store } = this.#deps
    return this.#latestStored().number - store.progress().lastProven + BigInt(this.#toBuild.length) < this.#limits.maxUnproven
  }

  #latestStored() {
    const { store } = this.#deps
    const latest = store.latest()
    const batch = latest === undefined ? undefined : store.batch(latest)
    if (batch === undefined) throw new RangeError('the genesis batch is not stored')
    return batch
  }
}
