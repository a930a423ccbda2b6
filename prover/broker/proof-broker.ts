import {
  type Clock,
  type FaultPoint,
  type Hex,
  keccak256Hex,
  type Logger,
  type Proof,
  type ProofJob,
  type ProofPlan,
  type ProofQueue,
  type ProofRequest,
  type ProvingProgress,
  type ProvingStep,
  type SegmentProof,
} from '../../core/index.ts'
import { type JobStore, type StoredJob, type StoredPlan, wholeProof } from '../store/job-store.ts'
import { AgentMismatchError, JobCancelledError, JobNotFoundError, LeaseLostError, PlanOutdatedError, ProofRejectedError } from './errors.ts'
import { type AgentKind, type FailureKind, type Lease, segmentOf } from './lease.ts'
import { Listeners } from './listeners.ts'
import { ProvingSteps } from './proving-steps.ts'

export interface ProofBrokerOptions extends AgentKind {
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
} as const satisfies Omit<ProofBrokerOptions, keyof AgentKind>

export interface ProofBrokerDeps {
  readonly store: JobStore
  readonly clock: Clock
  readonly log: Logger
  /** Whether L1 would accept the proof. */
  readonly verifyProof: (proof: Proof) => Promise<boolean>
  /** The proof of which a plan and the proofs of its segments are the parts; throws where they are none. */
  readonly assembleProof: (plan: Uint8Array, segments: readonly Uint8Array[]) => Uint8Array
  /** Unguessable; names a lease. */
  readonly randomToken: () => string
  readonly faultPoint?: FaultPoint
}

/** The proof jobs: who works on what, what is done, what is set aside. All state is in the store, so a kill at any point loses nothing. */
export class ProofBroker implements ProofQueue {
  readonly #opts: ProofBrokerOptions
  readonly #deps: ProofBrokerDeps
  readonly #settled: Listeners<[digest: Hex]>
  readonly #work: Listeners<[]>
  readonly #steps: ProvingSteps
  readonly #assembling = new Set<Hex>()

  /** Leases of an earlier run are handed back: its agents ended with it, and a result that one of them still brings is welcome without a lease. */
  constructor(opts: ProofBrokerOptions, deps: ProofBrokerDeps) {
    this.#opts = opts
    this.#deps = deps
    this.#steps = new ProvingSteps(deps)
    this.#settled = new Listeners(deps.log)
    this.#work = new Listeners(deps.log)
    deps.store.transaction(() => {
      for (const job of deps.store.leased()) deps.store.save({ ...withoutLease(job), status: 'waiting', readyAtMs: deps.clock.nowMs() })
    })
    this.#assembleComplete()
  }

  async enqueue(request: ProofRequest): Promise<void> {
    const { store, clock, log } = this.#deps
    const isNew = store.transaction(() => {
      const known = store.find(request.digest)
      const isAlive = known !== undefined && known.status !== 'cancelled' && known.status !== 'failed'
      // The digest does not cover the program: after an upgrade of the verifier the same batch is another statement.
      if (isAlive && known.programId === request.programId) return false
      store.deletePlan(request.digest)
      store.save({
        digest: request.digest,
        segment: wholeProof,
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
    this.#work.announce()
  }

  async cancel(digest: Hex): Promise<void> {
    const { store } = this.#deps
    store.transaction(() => {
      const job = store.find(digest)
      if (job === undefined || job.status === 'done' || job.status === 'cancelled') return
      store.save({ ...withoutLease(job), status: 'cancelled' })
      store.deleteInput(digest)
      store.deletePlan(digest)
    })
  }

  async forget(digest: Hex): Promise<void> {
    const { store } = this.#deps
    store.transaction(() => {
      if (store.find(digest)?.status !== 'done') return
      store.deleteProof(digest)
      store.delete(digest)
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
    return this.#settled.add(listener)
  }

  /** Called when a job may have become free to lease. Returns the unsubscriber. */
  onWork(listener: () => void): () => void {
    return this.#work.add(listener)
  }

  progress(): readonly ProvingProgress[] {
    return this.#steps.list()
  }

  /** @throws AgentMismatchError unless such an agent can do the jobs */
  assertServes({ proofType, programId }: AgentKind): void {
    const { proofType: ownType, programId: ownProgram } = this.#opts
    if (proofType === ownType && programId === ownProgram) return
    throw new AgentMismatchError({ own: `${ownType} ${ownProgram}`, agent: `${proofType} ${programId}` })
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
      const { digest, programId, batchNumber } = job
      return { digest, programId, batchNumber, token, leaseMs, segment: segmentOf(job, store.plan(digest)) }
    })
    if (lease === undefined) return undefined
    this.#steps.leased(lease.token)
    log.debug(
      { batch: lease.batchNumber, digest: lease.digest, agent, ...(lease.segment && { segment: lease.segment.index }) },
      'proof job leased',
    )
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

  /** By which segments are proven. Throws `JobNotFoundError` or `JobCancelledError`. */
  plan(digest: Hex): Uint8Array {
    this.#liveJob(digest)
    const plan = this.#deps.store.plan(digest)
    if (plan === undefined) throw new JobNotFoundError(digest)
    return plan.bytes
  }

  /** Prolongs the lease. Throws `LeaseLostError`, `JobCancelledError` or `JobNotFoundError`: the agent should stop. */
  heartbeat({ digest, token, step }: { readonly digest: Hex; readonly token: string; readonly step?: ProvingStep | undefined }): void {
    this.#expireLeases()
    const { store, clock } = this.#deps
    store.save({ ...this.#leasedJob(digest, token), leaseExpiresAtMs: clock.nowMs() + this.#opts.leaseMs })
    if (step !== undefined) this.#steps.update(token, step)
  }

  /**
   * Takes a proof, once: the same again is fine and changes nothing. A right one is welcome with any lease or none.
   * Throws `ProofRejectedError` (which counts against the present lease only), `JobCancelledError` or `JobNotFoundError`.
   */
  async complete({ proof, token }: { readonly proof: Proof; readonly token: string }): Promise<void> {
    const { verifyProof } = this.#deps
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
    this.#accept(job, proof)
  }

  /**
   * Takes the plan of a proof in segments, which are then leased one by one. From whoever holds the lease, or while nobody does: a wrong one
   * only costs time. Throws `ProofRejectedError`, `LeaseLostError`, `JobCancelledError` or `JobNotFoundError`.
   */
  split({ plan, token }: { readonly plan: ProofPlan; readonly token: string }): void {
    this.#expireLeases()
    const { store, clock, log } = this.#deps
    const { digest, programId, segments, bytes, provingMs } = plan
    const job = this.#liveJob(digest)
    const planId = keccak256Hex(bytes)
    if (job.status === 'done' || (job.status === 'segmented' && store.plan(digest)?.planId === planId)) return
    if (programId !== job.programId) throw new ProofRejectedError({ digest, reason: `its program is ${programId}, not ${job.programId}` })
    if (job.status !== 'waiting' && job.leaseToken !== token) throw new LeaseLostError(digest)
    store.transaction(() => {
      store.deletePlan(digest)
      store.savePlan({ digest, planId, segments, bytes, provingMs })
      store.save({ ...withoutLease(job), status: 'segmented' })
      for (let segment = 0; segment < segments; segment++) {
        store.save({
          ...withoutLease(job),
          segment,
          status: 'waiting',
          attempts: 0,
          failures: 0,
          readyAtMs: clock.nowMs(),
          lastError: null,
        })
      }
    })
    log.info({ batch: job.batchNumber, digest, segments, planningMs: provingMs }, 'proof planned')
    this.#work.announce()
  }

  /**
   * Takes a segment's proof, once; with any lease or none, since all of them are verified together.
   * Throws `PlanOutdatedError`, `JobCancelledError` or `JobNotFoundError`.
   */
  completeSegment({ digest, segment, planId, proof }: { digest: Hex; segment: number; planId: Hex; proof: SegmentProof }): void {
    const { store, log } = this.#deps
    const whole = this.#liveJob(digest)
    if (whole.status === 'done') return
    const plan = store.plan(digest)
    const job = store.find(digest, segment)
    if (whole.status !== 'segmented' || plan?.planId !== planId || job === undefined) throw new PlanOutdatedError(digest)
    if (job.status === 'done') return
    store.transaction(() => {
      store.save({ ...withoutLease(job), status: 'done', agent: job.agent, lastError: null })
      store.saveSegmentProof(digest, segment, proof)
    })
    log.info({ batch: job.batchNumber, digest, segment, segments: plan.segments, provingMs: proof.provingMs }, 'segment proven')
    this.#assembleComplete()
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
    else if (kind === 'plan-rejected') this.#dropPlan(digest, reason)
    else {
      store.save({ ...withoutLease(job), status: 'waiting', readyAtMs: clock.nowMs() })
      this.#work.announce()
    }
  }

  #accept(job: StoredJob, proof: Proof): void {
    const { store, log, faultPoint } = this.#deps
    const { digest, provingMs, segments, bytes } = proof
    store.transaction(() => {
      store.save({ ...withoutLease(job), status: 'done', agent: job.agent, lastError: null })
      store.saveProof(proof)
      store.deleteInput(digest)
      store.deletePlan(digest)
    })
    log.info({ batch: job.batchNumber, digest, provingMs, proofBytes: bytes.length, ...(segments && { segments }) }, 'proof accepted')
    faultPoint?.('proof returned')
    this.#settled.announce(digest)
  }

  /** Puts together what is complete, also what a crash left so. */
  #assembleComplete(): void {
    const { store, log } = this.#deps
    for (const { digest } of store.segmented()) {
      const plan = store.plan(digest)
      if (plan === undefined || this.#assembling.has(digest) || store.segmentProofCount(digest) < plan.segments) continue
      this.#assembling.add(digest)
      this.#assemble(plan)
        // The segments stay: the next request tries again.
        .catch((error: unknown) => log.error({ digest, err: error }, 'proof not assembled'))
        .finally(() => this.#assembling.delete(digest))
    }
  }

  async #assemble({ digest, planId, segments, bytes, provingMs }: StoredPlan): Promise<void> {
    const { store, verifyProof } = this.#deps
    const parts = store.segmentProofs(digest)
    const proof = {
      ...{ type: this.#opts.proofType, programId: this.#liveJob(digest).programId, digest, segments },
      bytes: this.#assembled(
        bytes,
        parts.map((part) => part.bytes),
      ),
      provingMs: parts.reduce((sum, part) => sum + part.provingMs, provingMs),
    }
    const isRight = proof.bytes !== undefined && (await verifyProof({ ...proof, bytes: proof.bytes }))
    // The job may have been cancelled or planned anew meanwhile.
    const job = store.find(digest)
    if (job?.status !== 'segmented' || store.plan(digest)?.planId !== planId) return
    if (isRight && proof.bytes !== undefined) this.#accept(job, { ...proof, bytes: proof.bytes })
    else this.#dropPlan(digest, 'the proofs of its segments do not make one that verifies')
  }

  /** Undefined where plan and segments are no parts of a proof. */
  #assembled(plan: Uint8Array, segments: readonly Uint8Array[]): Uint8Array | undefined {
    try {
      return this.#deps.assembleProof(plan, segments)
    } catch (error) {
      this.#deps.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'parts of a proof do not fit')
      return undefined
    }
  }

  #dropPlan(digest: Hex, reason: string): void {
    this.#deps.store.transaction(() => {
      this.#deps.store.deletePlan(digest)
      this.#failAttempt(this.#liveJob(digest), reason)
    })
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
    this.#liveJob(digest)
    const job = this.#deps.store.leased().find((leased) => leased.digest === digest && leased.leaseToken === token)
    if (job === undefined) throw new LeaseLostError(digest)
    return job
  }

  #expireLeases(): void {
    const now = this.#deps.clock.nowMs()
    for (const job of this.#deps.store.leased()) {
      if (job.leaseExpiresAtMs !== null && job.leaseExpiresAtMs <= now) this.#failAttempt(job, `agent ${job.agent} stopped answering`)
    }
    this.#assembleComplete()
  }

  #failAttempt(job: StoredJob, reason: string): void {
    const { store, clock, log } = this.#deps
    // A segment of the same proof may have set it aside a moment ago.
    if (store.find(job.digest, job.segment)?.leaseToken !== job.leaseToken) return
    const { maxFailures, backoffMs, maxBackoffMs } = this.#opts
    const failures = job.failures + 1
    if (failures >= maxFailures) {
      this.#setAside({ ...job, failures }, reason)
      return
    }
    const pauseMs = Math.min(backoffMs * 2 ** (failures - 1), maxBackoffMs)
    store.save({ ...withoutLease(job), status: 'waiting', failures, readyAtMs: clock.nowMs() + pauseMs, lastError: reason })
    const fields = { batch: job.batchNumber, digest: job.digest, ...(job.segment !== wholeProof && { segment: job.segment }) }
    log.warn({ ...fields, agent: job.agent, failures, pauseMs, reason }, 'proof attempt failed')
    this.#work.announce()
  }

  /** A segment that fails for good takes the proof with it. */
  #setAside(failed: StoredJob, reason: string): void {
    const { store, log } = this.#deps
    const { digest, agent } = failed
    const job = failed.segment === wholeProof ? failed : this.#liveJob(digest)
    const lastError = failed.segment === wholeProof ? reason : `segment ${failed.segment}: ${reason}`
    store.transaction(() => {
      store.save({ ...withoutLease(job), status: 'failed', agent, lastError })
      store.deletePlan(digest)
    })
    log.error({ batch: job.batchNumber, digest, agent, attempts: failed.attempts, reason: lastError }, 'proof job set aside')
    this.#settled.announce(digest)
  }
}

function withoutLease(job: StoredJob): StoredJob {
  return { ...job, agent: null, leaseToken: null, leaseExpiresAtMs: null }
}
