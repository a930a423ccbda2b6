import {
  type Batch,
  DevnetError,
  type EventSink,
  type EventSource,
  type FaultPoint,
  type Hex,
  isDevBatch,
  type L1Verification,
  type Logger,
  type Proof,
  type ProofQueue,
  type Service,
  type SettlementReader,
  type SettlementStatus,
} from '../../core/index.ts'
import type { BatchProgress, BatchStore } from '../batches/batch-store.ts'
import type { CheckedBatches } from '../dry-run/checked-batches.ts'
import { BatchIncompleteError, ProofFailedError, ProofNotFailedError } from './errors.ts'
import type { FactRegistrar } from './fact-registrar.ts'
import { L1UnreachableError } from './l1-errors.ts'
import type { L1Sender } from './l1-sender.ts'
import type { PendingTransaction } from './pending-transactions.ts'
import type { Reconciliation } from './reconciliation.ts'
import { rollupCalls } from './rollup-contract.ts'
import type { Timers } from './timers.ts'
import { Wakeup } from './wakeup.ts'

export interface SettlementOptions {
  readonly rollup: Hex
  /** Between two looks at the L1 when there is nothing to do. */
  readonly pollMs: number
  /** Longest wait for an L1 transaction in flight when a snapshot asks for a pause. */
  readonly maxPauseWaitMs: number
}

export interface SettlementDeps {
  readonly store: BatchStore
  readonly queue: ProofQueue
  /** No other batch is committed. */
  readonly checked: CheckedBatches
  readonly sender: L1Sender
  readonly reconciliation: Reconciliation
  readonly facts: FactRegistrar
  /** docs/formats.md §6; throws `BatchIncompleteError`. */
  readonly proverInput: (batch: bigint) => Promise<Uint8Array>
  readonly events: EventSource & EventSink
  readonly timers: Timers
  readonly log: Logger
  readonly faults: FaultPoint
}

// Geth's pool refuses transactions above 128 kB. A batch's fields beside its diff take some 400 bytes of calldata.
const maxCommitBytes = 110_000
const batchCalldataBytes = 400
// With 110 kB of calldata (4.4M gas by EIP-7623) far below the 16.7M gas that a transaction may use.
const maxBatchesPerTransaction = 32
const maxBackOffMs = 30_000
/** Of executed batches, for whoever wants to look at them. */
const keptProofs = 16

/** Moves batches on: commit, prove, execute. Every turn first reads where the contract stands and then takes the next step that is due. */
export class Settlement implements Service, Pick<SettlementReader, 'settlement'> {
  readonly #opts: SettlementOptions
  readonly #deps: SettlementDeps
  readonly #alarm: Wakeup
  readonly #stopped = new AbortController()
  readonly #requested = new Set<Hex>()
  #turn: Promise<unknown> = Promise.resolve()
  #interruptTurn = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #unsubscribe: readonly (() => void)[] = []
  #failure: Error | undefined

  constructor(opts: SettlementOptions, deps: SettlementDeps) {
    this.#opts = opts
    this.#deps = deps
    this.#alarm = new Wakeup(deps.timers)
  }

  settlement(): SettlementStatus {
    return settlementStatus(this.#failure, this.#deps.sender.inFlight())
  }

  /** Why the last turn failed, if it did. */
  failure(): Error | undefined {
    return this.#failure
  }

  /** Head of the L1 when it was last asked. */
  l1BlockNumber(): bigint | null {
    return this.#deps.reconciliation.blockNumber
  }

  async start(signal: AbortSignal): Promise<void> {
    const { events, queue } = this.#deps
    this.#unsubscribe = [
      events.on('batch', ({ batch }) => {
        if (batch.status === 'sealed') this.#alarm.ring()
      }),
      queue.onSettled(() => this.#alarm.ring()),
    ]
    this.#running = this.#run(AbortSignal.any([signal, this.#stopped.signal]))
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#stopped.abort()
    this.#interruptTurn.abort()
    await this.#running
  }

  /** Batches may be committed that might not before. */
  ring(): void {
    this.#alarm.ring()
  }

  /** Asks for a proof again of which every attempt failed. Throws `ProofNotFailedError`. */
  async retryProof(number: bigint): Promise<void> {
    const { store, queue } = this.#deps
    const batch = store.batch(number)
    const job = batch && (await queue.job(batch.digest))
    if (batch === undefined || job?.status !== 'failed') throw new ProofNotFailedError({ batch: number, status: job?.status })
    await this.#request(batch)
    this.#alarm.ring()
  }

  /**
   * Takes the next step that is due and waits until it is mined; false when there is none.
   * Throws `BatchMismatchError`, `ProofFailedError` and what `L1Sender.send` and `L1Client` throw.
   */
  advance(signal: AbortSignal): Promise<boolean> {
    const turn = this.#turn.then(() => {
      this.#interruptTurn = new AbortController()
      return this.#step(AbortSignal.any([signal, this.#interruptTurn.signal]))
    })
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** Reads where the contract stands, and does nothing about it. Throws `BatchMismatchError` and what `L1Client` throws. */
  synchronize(): Promise<void> {
    const turn = this.#turn.then(async () => {
      this.#deps.reconciliation.forget()
      await this.#deps.reconciliation.run()
    })
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** Waits, not for ever, until no L1 transaction is in flight; then sends none until the returned function is called. */
  async pause(): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const before = this.#turn
    this.#turn = before.then(() => promise)
    const done = new AbortController()
    void this.#deps.timers.sleep(this.#opts.maxPauseWaitMs, done.signal).then(() => {
      if (!done.signal.aborted) this.#interruptTurn.abort()
    })
    await before
    done.abort()
    return resolve
  }

  /** The batches or the L1 were cut back: looks at everything anew. */
  reset(): void {
    this.#requested.clear()
    this.#deps.reconciliation.forget()
    this.#alarm.ring()
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        const moved = await this.advance(signal)
        failures = 0
        this.#recovered()
        if (moved) continue
      } catch (error) {
        if (signal.aborted) return
        // A pause ended the wait for a transaction; the next turn takes it up again.
        if (this.#interruptTurn.signal.aborted) continue
        failures++
        this.#failed(error)
      }
      await this.#alarm.wait(Math.min(this.#opts.pollMs * 2 ** Math.min(failures, 16), Math.max(maxBackOffMs, this.#opts.pollMs)), signal)
    }
  }

  #recovered(): void {
    if (this.#failure !== undefined) this.#deps.log.info({}, 'settlement goes on')
    this.#failure = undefined
  }

  #failed(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error))
    if (this.#failure?.message !== failure.message) this.#deps.log.error({ err: failure }, 'settlement waits')
    this.#failure = failure
    this.#deps.reconciliation.forget()
  }

  async #step(signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted()
    await this.#deps.sender.resume(signal)
    const progress = await this.#deps.reconciliation.run()
    if (await this.#commit(progress, signal)) return true
    await this.#requestProofs(progress)
    if (await this.#execute(progress, signal)) return true
    return this.#prove(progress, signal)
  }

  async #commit({ lastCommitted }: BatchProgress, signal: AbortSignal): Promise<boolean> {
    const { store, sender, log, faults } = this.#deps
    const last = store.batch(lastCommitted)
    const batches = this.#committable(lastCommitted)
    const newest = batches.at(-1)
    if (last === undefined || newest === undefined) return false
    const withDiffs = batches.map((batch) => {
      const stateDiff = store.stateDiff(batch.number)
      if (stateDiff === undefined) throw new BatchIncompleteError({ batch: batch.number, part: 'state diff' })
      return { ...batch, stateDiff }
    })
    const { gasUsed } = await sender.send(
      { action: `commit of ${range(batches)}`, to: this.#opts.rollup, data: rollupCalls.commit(last, withDiffs) },
      { signal, onSent: () => faults('commit sent') },
    )
    faults('commit mined')
    log.info({ from: lastCommitted + 1n, to: newest.number, gasUsed }, 'batches committed')
    return true
  }

  #committable(lastCommitted: bigint): readonly Batch[] {
    const { store, checked } = this.#deps
    let bytes = 0
    const sealed = store.batches(lastCommitted + 1n, maxBatchesPerTransaction)
    const unchecked = sealed.findIndex((batch) => !checked.passed(batch))
    const candidates = unchecked < 0 ? sealed : sealed.slice(0, unchecked)
    return candidates.filter(({ stateDiffBytes }, index) => {
      bytes += stateDiffBytes + batchCalldataBytes
      return index === 0 || bytes <= maxCommitBytes
    })
  }

  async #requestProofs({ lastProven, lastCommitted }: BatchProgress): Promise<void> {
    const { store, queue } = this.#deps
    for (const batch of store.batches(lastProven + 1n, Number(lastCommitted - lastProven))) {
      if (isDevBatch(batch) || this.#requested.has(batch.digest)) continue
      // After the L1 went back a batch may be due again whose proof is there.
      if ((await queue.result(batch.digest)) === undefined) await this.#request(batch)
      this.#requested.add(batch.digest)
    }
  }

  async #request({ number, digest, programId }: Batch): Promise<void> {
    await this.#deps.queue.enqueue({ digest, programId, batchNumber: number, input: await this.#deps.proverInput(number) })
  }

  async #prove({ lastProven, lastCommitted }: BatchProgress, signal: AbortSignal): Promise<boolean> {
    const { store, sender, facts, log, faults } = this.#deps
    const candidates = store.batches(lastProven + 1n, Math.min(Number(lastCommitted - lastProven), maxBatchesPerTransaction))
    const passable = await this.#passable(candidates)
    const batches = passable.map(({ batch }) => batch)
    const proofs = passable.flatMap(({ proof }) => proof ?? [])
    const newest = batches.at(-1)
    if (newest === undefined) return false
    store.transaction(() => {
      for (const { batch, proof } of passable) {
        if (proof !== null)
          store.setProof(batch.number, { provingMs: proof.provingMs, proofBytes: proof.bytes.length, proofSegments: proof.segments })
      }
    })
    const onSent = (): void => faults('prove sent')
    const onVerified = ({ digest }: Proof, verification: L1Verification): void => {
      for (const batch of batches) if (batch.digest === digest) store.addVerification(batch.number, verification)
    }
    await facts.register(proofs, { signal, onSent, onVerified })
    const request = { action: `proof of ${range(batches)}`, to: this.#opts.rollup, data: rollupCalls.prove(batches) }
    const { gasUsed } = await sender.send(request, { signal, onSent })
    log.info({ from: lastProven + 1n, to: newest.number, proofs: proofs.length, gasUsed }, 'batches proven')
    return true
  }

  /** The first batches that L1 lets pass now, up to the first whose proof is missing; a dev batch needs none. */
  async #passable(batches: readonly Batch[]): Promise<readonly { readonly batch: Batch; readonly proof: Proof | null }[]> {
    const { queue } = this.#deps
    const passable: { readonly batch: Batch; readonly proof: Proof | null }[] = []
    for (const batch of batches) {
      const proof = isDevBatch(batch) ? null : await queue.result(batch.digest)
      if (proof !== undefined) {
        passable.push({ batch, proof })
        continue
      }
      const job = await queue.job(batch.digest)
      if (job?.status === 'failed' && passable.length === 0) {
        throw new ProofFailedError({ batch: batch.number, reason: job.lastError ?? 'no reason was given' })
      }
      break
    }
    return passable
  }

  async #execute({ lastExecuted, lastProven }: BatchProgress, signal: AbortSignal): Promise<boolean> {
    const { store, sender, reconciliation, log, faults } = this.#deps
    const batches = store.batches(lastExecuted + 1n, Math.min(Number(lastProven - lastExecuted), maxBatchesPerTransaction))
    const newest = batches.at(-1)
    if (newest === undefined) return false
    const { gasUsed } = await sender.send(
      { action: `execution of ${range(batches)}`, to: this.#opts.rollup, data: rollupCalls.execute(batches) },
      { signal },
    )
    await reconciliation.run()
    faults('executed')
    await this.#forgetProofs(newest.number)
    log.info({ from: lastExecuted + 1n, to: newest.number, gasUsed }, 'batches executed')
    return true
  }

  /** Of batches that were executed a while ago: the L1 may go back a little. */
  async #forgetProofs(lastExecuted: bigint): Promise<void> {
    const { store, queue } = this.#deps
    const newest = lastExecuted - BigInt(keptProofs)
    // One execution has no more batches; what an earlier one left so is gone.
    const oldest = newest > maxBatchesPerTransaction ? newest - BigInt(maxBatchesPerTransaction) + 1n : 1n
    for (const { digest } of store.batches(oldest, Math.max(0, Number(newest - oldest) + 1))) {
      this.#requested.delete(digest)
      await queue.forget(digest)
    }
  }
}

function range(batches: readonly Batch[]): string {
  const [first, last] = [batches[0]?.number, batches.at(-1)?.number]
  return first === last ? `batch ${first}` : `batches ${first}…${last}`
}

/** The status with that failure, if any. */
export function settlementStatus(failure: Error | undefined, inFlight: PendingTransaction | undefined): SettlementStatus {
  return {
    state: failure === undefined ? 'running' : failure instanceof L1UnreachableError ? 'unreachable' : 'blocked',
    error: failure === undefined ? null : describe(failure),
    inFlight: inFlight === undefined ? null : { action: inFlight.action, txHash: inFlight.hash, nonce: inFlight.nonce },
    checking: null,
    proving: [],
  }
}

function describe(error: Error): SettlementStatus['error'] {
  if (error instanceof DevnetError) return { code: error.code, message: error.message, metaMessages: error.metaMessages }
  return { code: 'UNEXPECTED', message: error.message, metaMessages: [] }
}
