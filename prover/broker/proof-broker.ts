import type { Clock, FaultPoint, Hex, Logger, Proof, ProofJob, ProofQueue, ProofRequest, ProofType } from '../../core/index.ts'
import type { JobStore, StoredJob } from '../store/job-store.ts'
import { JobCancelledError, JobNotFoundError, LeaseLostError, ProofRejectedError } from './errors.ts'

export interface ProofBrokerOptions {
  /** The only kind of proof that is accepted. */
  readonly proofType: ProofType
  /** A lease without heartbeat ends after this. */
  readonly leaseMs: number
  /** Failed attempts after which a job is set aside. */
  readonly maxFailures: number
  /** Pause after the first failed attempt; doubles with each further one. */
  readonly backoffMs: number
  readonly maxBackoffMs: number
}

export const defaultBrokerOptions = {
  leaseMs: 60_000,
  maxFailures: 5,
  backoffMs: 500,
  maxBackoffMs: 30_000,
} as const satisfies Omit<ProofBrokerOptions, 'proofType'>

export interface ProofBrokerDeps {
  readonly store: JobStore
  readonly clock: Clock
  readonly log: Logger
  /** Whether L1 would accept the proof. */
  readonly verifyProof: (proof: Proof) => Promise<boolean>
  /** Unguessable; names a lease. */
  readonly randomToken: () => string
  readonly faultPoint?: FaultPoint
}

/** A job in the hands of one agent. */
export interface Lease {
  readonly digest: Hex
  readonly programId: Hex
  readonly batchNumber: bigint
  readonly token: string
  readonly leaseMs: number
}

/**
 * How an attempt ended without a proof: `failed` is tried again later, `invalid-input` never, `handed-back` at once and without counting.
 */
export type FailureKind = 'failed' | 'invalid-input' | 'handed-back'

/** The proof jobs: who works on what, what is done, what is set aside. All state is in the store, so a kill at any point loses nothing. */
export class ProofBroker implements ProofQueue {
  readonly #opts: ProofBrokerOptions
  readonly #deps: ProofBrokerDeps
  readonly #settledListeners = new Set<(digest: Hex) => void>()
  readonly #workListeners = new Set<() => void>()

  /** Leases of an earlier run are handed back: its agents ended with it, and a result that one of them still brings is welcome without a lease. */
  constructor(opts: ProofBrokerOptions, deps: ProofBrokerDeps) {
    this.#opts = opts
    this.#deps = deps
    deps.store.transaction(() => {
      for (const job of deps.store.leased()) deps.store.save({ ...withoutLease(job), status: 'waiting', readyAtMs: deps.clock.nowMs() })
    })
  }

  async enqueue(request: ProofRequest): Promise<void> {
    const { store, clock, log } = this.#deps
    const isNew = store.transaction(() => {
      const known = store.find(request.digest)
      const isAlive = known !== undefined && known.status !== 'cancelled' && known.status !== 'failed'
      // The digest does not cover the program: after an upgrade of the verifier the same batch is another statement.
      if (isAlive && known.programId === request.programId) return false
      store.save({
        digest: request.digest,
        programId: request.programId,
        batchNumber: request.batchNumber,
        status: 'waiting',
        attempts: known?.attempts ?? 0,
        failures: 0,
        agent: null,
        leaseToken: null,
        leaseExpiresAtMs: null,
        readyAtMs: clock.nowMs(),
        lastError: null,
      })
      store.saveInput(request)
      store.deleteProof(request.digest)
      return true
    })
    if (!isNew) return
    log.debug({ batch: request.batchNumber, digest: request.digest, inputBytes: request.input.length }, 'proof job enqueued')
    this.#announceWork()
  }

  async cancel(digest: Hex): Promise<void> {
    const { store } = this.#deps
    store.transaction(() => {
      const job = store.find(digest)
      if (job === undefined || job.status === 'done' || job.status === 'cancelled') return
      store.save({ ...withoutLease(job), status: 'cancelled' })
      store.deleteInput(digest)
    })
  }

  async job(digest: Hex): Promise<ProofJob | undefined> {
    this.#expireLeases()
    const job = this.#deps.store.find(digest)
    if (job === undefined) return undefined
    const { batchNumber, status, attempts, agent, lastError } = job
    return { digest, batchNumber, status, attempts, agent, lastError }
  }

  async result(digest: Hex): Promise<Proof | undefined> {
    return this.#deps.store.proof(digest)
  }

  onSettled(listener: (digest: Hex) => void): () => void {
    this.#settledListeners.add(listener)
    return () => this.#settledListeners.delete(listener)
  }

  /** Called when a job may have become free to lease. Returns the unsubscriber. */
  onWork(listener: () => void): () => void {
    this.#workListeners.add(listener)
    return () => this.#workListeners.delete(listener)
  }

  /** Milliseconds until time alone may free a job; undefined when it cannot. */
  msUntilWork(): number | undefined {
    const at = this.#deps.store.nextEventAtMs()
    return at === undefined ? undefined : Math.max(0, at - this.#deps.clock.nowMs())
  }

  /**
   * Gives the agent the next job, if one is free. An agent does one job at a time: one that asks again has lost what it held, be it by a
   * kill or because the answer never reached it, so that lease ends now rather than at its time.
   */
  lease(agent: string): Lease | undefined {
    this.#expireLeases()
    for (const job of this.#deps.store.leased()) {
      if (job.agent === agent) this.#failAttempt(job, `agent ${agent} came back without a proof`)
    }
    const { store, clock, randomToken, faultPoint, log } = this.#deps
    const { leaseMs } = this.#opts
    const lease = store.transaction(() => {
      const job = store.nextReady(clock.nowMs())
      if (job === undefined) return undefined
      const token = randomToken()
      store.save({
        ...job,
        status: 'leased',
        attempts: job.attempts + 1,
        agent,
        leaseToken: token,
        leaseExpiresAtMs: clock.nowMs() + leaseMs,
      })
      return { digest: job.digest, programId: job.programId, batchNumber: job.batchNumber, token, leaseMs }
    })
    if (lease === undefined) return undefined
    log.debug({ batch: lease.batchNumber, digest: lease.digest, agent }, 'proof job leased')
    faultPoint?.('job leased')
    return lease
  }

  /** Bytes to prove. Throws `JobNotFoundError` or `JobCancelledError`; a settled job's input is gone. */
  input(digest: Hex): Uint8Array {
    this.#liveJob(digest)
    const input = this.#deps.store.input(digest)
    if (input === undefined) throw new JobNotFoundError(digest)
    return input
  }

  /** Prolongs the lease. Throws `LeaseLostError`, `JobCancelledError` or `JobNotFoundError`: the agent should stop. */
  heartbeat({ digest, token }: { readonly digest: Hex; readonly token: string }): void {
    this.#expireLeases()
    const { store, clock } = this.#deps
    store.transaction(() => {
      store.save({ ...this.#leasedJob(digest, token), leaseExpiresAtMs: clock.nowMs() + this.#opts.leaseMs })
    })
  }

  /**
   * Takes a proof, once: the same again is fine and changes nothing. A right one is welcome with any lease or none.
   * Throws `ProofRejectedError` (which counts against the present lease only), `JobCancelledError` or `JobNotFoundError`.
   */
  async complete({ proof, token }: { readonly proof: Proof; readonly token: string }): Promise<void> {
    const { store, verifyProof, faultPoint, log } = this.#deps
    const { digest } = proof
    if (this.#liveJob(digest).status === 'done') return
    const fault = this.#mismatch(proof) ?? ((await verifyProof(proof)) ? undefined : 'it does not verify')
    // The job may have been cancelled, settled or leased anew while the proof was verified: look again.
    const job = this.#liveJob(digest)
    if (job.status === 'done') return
    const lateFault = fault ?? this.#mismatch(proof)
    if (lateFault !== undefined) {
      if (job.status === 'leased' && job.leaseToken === token) this.#failAttempt(job, `wrong proof: ${lateFault}`)
      throw new ProofRejectedError({ digest, reason: lateFault })
    }
    store.transaction(() => {
      store.save({ ...withoutLease(job), status: 'done', agent: job.agent, lastError: null })
      store.saveProof(proof)
      store.deleteInput(digest)
    })
    log.info({ batch: job.batchNumber, digest, provingMs: proof.provingMs, proofBytes: proof.bytes.length }, 'proof accepted')
    faultPoint?.('proof returned')
    this.#announceSettled(digest)
  }

  /** Ends a lease without a proof. Throws `LeaseLostError`, `JobCancelledError` or `JobNotFoundError`. */
  fail({
    digest,
    token,
    kind,
    reason,
  }: {
    readonly digest: Hex
    readonly token: string
    readonly kind: FailureKind
    readonly reason: string
  }): void {
    this.#expireLeases()
    const { store, clock } = this.#deps
    const job = this.#leasedJob(digest, token)
    if (kind === 'invalid-input') this.#setAside(job, reason)
    else if (kind === 'failed') this.#failAttempt(job, reason)
    else {
      store.save({ ...withoutLease(job), status: 'waiting', readyAtMs: clock.nowMs() })
      this.#announceWork()
    }
  }

  #mismatch(proof: Proof): string | undefined {
    const job = this.#liveJob(proof.digest)
    if (proof.type !== this.#opts.proofType) return `its type is ${proof.type}, not ${this.#opts.proofType}`
    if (proof.programId !== job.programId) return `its program is ${proof.programId}, not ${job.programId}`
    return undefined
  }

  #liveJob(digest: Hex): StoredJob {
    const job = this.#deps.store.find(digest)
    if (job === undefined) throw new JobNotFoundError(digest)
    if (job.status === 'cancelled') throw new JobCancelledError(digest)
    return job
  }

  #leasedJob(digest: Hex, token: string): StoredJob {
    const job = this.#liveJob(digest)
    if (job.status !== 'leased' || job.leaseToken !== token) throw new LeaseLostError(digest)
    return job
  }

  #expireLeases(): void {
    const now = this.#deps.clock.nowMs()
    for (const job of this.#deps.store.leased()) {
      if (job.leaseExpiresAtMs !== null && job.leaseExpiresAtMs <= now) this.#failAttempt(job, `agent ${job.agent} stopped answering`)
    }
  }

  #failAttempt(job: StoredJob, reason: string): void {
    const { store, clock, log } = this.#deps
    const { maxFailures, backoffMs, maxBackoffMs } = this.#opts
    const failures = job.failures + 1
    if (failures >= maxFailures) {
      this.#setAside({ ...job, failures }, reason)
      return
    }
    const pauseMs = Math.min(backoffMs * 2 ** (failures - 1), maxBackoffMs)
    store.save({ ...withoutLease(job), status: 'waiting', failures, readyAtMs: clock.nowMs() + pauseMs, lastError: reason })
    log.warn({ batch: job.batchNumber, digest: job.digest, agent: job.agent, failures, pauseMs, reason }, 'proof attempt failed')
    this.#announceWork()
  }

  #setAside(job: StoredJob, reason: string): void {
    this.#deps.store.save({ ...withoutLease(job), status: 'failed', agent: job.agent, lastError: reason })
    this.#deps.log.error(
      { batch: job.batchNumber, digest: job.digest, agent: job.agent, attempts: job.attempts, reason },
      'proof job set aside',
    )
    this.#announceSettled(job.digest)
  }

  #announceSettled(digest: Hex): void {
    for (const listener of this.#settledListeners) {
      try {
        listener(digest)
      } catch (error) {
        this.#deps.log.error({ digest, error }, 'proof listener failed')
      }
    }
  }

  #announceWork(): void {
    for (const listener of [...this.#workListeners]) listener()
  }
}

function withoutLease(job: StoredJob): StoredJob {
  return { ...job, agent: null, leaseToken: null, leaseExpiresAtMs: null }
}
