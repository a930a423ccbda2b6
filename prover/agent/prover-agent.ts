import {
  BatchNotProvableError,
  type Hex,
  InvalidProverInputError,
  type Logger,
  PlanRejectedError,
  type Proof,
  type ProofBackend,
  type ProofPlan,
  type ProvingContext,
  type ProvingStep,
  type SegmentProof,
  type Service,
} from '../../core/index.ts'
import type { AgentKind, FailureKind } from '../broker/lease.ts'
import { maxLeaseWaitMs } from '../broker-protocol.ts'
import type { BrokerClient, LeasedJob } from './broker-client.ts'
import { BrokerRefusedError, BrokerUnreachableError } from './errors.ts'

/** What is done about a job: the proof, a plan where it takes several segments, or one of these. */
type Outcome =
  | { readonly kind: 'proof'; readonly proof: Proof }
  | { readonly kind: 'plan'; readonly plan: ProofPlan }
  | { readonly kind: 'segment'; readonly index: number; readonly planId: Hex; readonly proof: SegmentProof }

export interface ProverAgentOptions extends AgentKind {
  /** Shown with its jobs. */
  readonly name: string
  /** What it is at, it says no more often than this; a second. */
  readonly stepMs?: number
  readonly backoffMs?: number
  readonly maxBackoffMs?: number
  /** Handing a job back on stop may take this long. */
  readonly handBackMs?: number
}

export interface ProverAgentDeps {
  readonly client: Pick<BrokerClient, 'lease' | 'input' | 'plan' | 'heartbeat' | 'submit' | 'submitPlan' | 'submitSegment' | 'fail'>
  /** Called at the first job, so that an idle agent stays small. */
  readonly loadBackend: () => Promise<ProofBackend>
  readonly log: Logger
  /** Resolves after `ms`; rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** In [0, 1): spreads retries, so that agents do not come all at once. */
  readonly random: () => number
}

/** Fetches jobs from the broker and proves them, one at a time. Keeps nothing: killed at any point, its lease expires and the job goes to another. */
export class ProverAgent implements Service {
  readonly #opts: Required<ProverAgentOptions>
  readonly #deps: ProverAgentDeps
  readonly #stopping = new AbortController()
  #loop: Promise<void> | undefined
  #backend: ProofBackend | undefined

  constructor(opts: ProverAgentOptions, deps: ProverAgentDeps) {
    this.#opts = { backoffMs: 200, maxBackoffMs: 5_000, handBackMs: 2_000, stepMs: 1_000, ...opts }
    this.#deps = deps
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#loop !== undefined) throw new Error('the agent was started already')
    signal.addEventListener('abort', () => this.#stopping.abort(), { once: true })
    if (signal.aborted) this.#stopping.abort()
    this.#loop = this.#run(this.#stopping.signal)
  }

  /** Hands the present job back. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#loop
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { client, log } = this.#deps
    const { name, proofType, programId } = this.#opts
    const request = { agent: name, waitMs: maxLeaseWaitMs, proofType, programId }
    while (!signal.aborted) {
      const job = await this.#retry(() => client.lease(request, signal), signal).catch((error) => {
        // Only a refusal comes out of the retries: a wrong token or version. Nobody can mend it from here, but a new broker may.
        if (!signal.aborted) log.error({ error: messageOf(error) }, 'broker refuses this agent')
        return this.#pause(this.#opts.maxBackoffMs, signal)
      })
      if (job !== undefined) await this.#work(job, signal)
    }
  }

  async #work(job: LeasedJob, signal: AbortSignal): Promise<void> {
    const { client, log } = this.#deps
    const fields = { batch: job.batchNumber, digest: job.digest, ...(job.segment && { segment: job.segment.index }) }
    log.debug(fields, 'proving')
    try {
      const outcome = await this.#prove(job, signal)
      await this.#retry(() => submit(client, job, outcome, signal), signal)
      log.info({ ...fields, ...summaryOf(outcome) }, `${outcome.kind} submitted`)
    } catch (error) {
      if (error instanceof BrokerRefusedError) {
        log.warn({ ...fields, code: error.brokerCode, error: error.message }, 'job given up')
        return
      }
      const kind = signal.aborted ? 'handed-back' : failureKindOf(error)
      if (kind !== 'handed-back') log.error({ ...fields, kind, error: messageOf(error) }, 'proof failed')
      await this.#report(job, { kind, reason: messageOf(error) })
    }
  }

  /** Throws `BrokerRefusedError` when the job turns out to be somebody else's or cancelled meanwhile. */
  async #prove(job: LeasedJob, signal: AbortSignal): Promise<Outcome> {
    const attempt = new AbortController()
    const ended = new AbortController()
    const context = { signal: AbortSignal.any([signal, attempt.signal]), onStep: (step: ProvingStep) => heartbeats.report(step) }
    const heartbeats = this.#heartbeat(job, { attempt, ended: ended.signal })
    try {
      return await this.#outcomeOf(job, context)
    } catch (error) {
      throw attempt.signal.aborted && !signal.aborted ? attempt.signal.reason : error
    } finally {
      ended.abort()
      await heartbeats.stopped
    }
  }

  async #outcomeOf({ digest, programId, batchNumber, segment }: LeasedJob, context: ProvingContext): Promise<Outcome> {
    const { client, loadBackend } = this.#deps
    const { signal } = context
    const input = await this.#retry(() => client.input(digest, signal), signal)
    this.#backend ??= await loadBackend()
    const request = { digest, programId, batchNumber, input }
    if (segment === null) {
      const result = await this.#backend.prove(request, context)
      return 'type' in result ? { kind: 'proof', proof: result } : { kind: 'plan', plan: result }
    }
    const { index, planId } = segment
    const plan = await this.#retry(() => client.plan(digest, signal), signal)
    const proof = await this.#backend.proveSegment({ ...request, plan, segment: index }, context)
    return { kind: 'segment', index, planId, proof }
  }

  /** Keeps the lease until `ended`, and says what the agent is at; aborts the attempt when the broker says that the lease is lost. */
  #heartbeat(
    job: LeasedJob,
    { attempt, ended }: { attempt: AbortController; ended: AbortSignal },
  ): { readonly report: (step: ProvingStep) => void; readonly stopped: Promise<void> } {
    const { stepMs } = this.#opts
    let step: ProvingStep | undefined
    let news = new AbortController()
    const beat = async (): Promise<void> => {
      for (;;) {
        // Soon after something is new, but never more often than that.
        if (stepMs > 0) await this.#pause(stepMs, ended)
        await this.#pause(job.leaseMs / 4 - stepMs, AbortSignal.any([ended, news.signal]))
        if (ended.aborted) return
        news = new AbortController()
        try {
          await this.#deps.client.heartbeat(job, step, ended)
        } catch (error) {
          if (ended.aborted) return
          if (error instanceof BrokerRefusedError) {
            attempt.abort(error)
            return
          }
          this.#deps.log.debug({ digest: job.digest, error: messageOf(error) }, 'heartbeat failed')
        }
      }
    }
    return {
      report(next) {
        step = next
        news.abort()
      },
      stopped: beat(),
    }
  }

  /** Best effort: without it the broker finds out when the lease expires. */
  async #report(job: LeasedJob, failure: { readonly kind: FailureKind; readonly reason: string }): Promise<void> {
    try {
      await this.#deps.client.fail(job, failure, AbortSignal.timeout(this.#opts.handBackMs))
    } catch (error) {
      this.#deps.log.debug({ digest: job.digest, error: messageOf(error) }, 'failure not reported')
    }
  }

  /** Repeats while the broker is unreachable. */
  async #retry<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let backoffMs = this.#opts.backoffMs; ; backoffMs = Math.min(backoffMs * 2, this.#opts.maxBackoffMs)) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof BrokerUnreachableError)) throw error
        this.#deps.log.debug({ error: error.message, retryInMs: backoffMs }, 'broker unreachable')
        await this.#pause(backoffMs * (0.5 + this.#deps.random() / 2), signal)
        signal.throwIfAborted()
      }
    }
  }

  /** Never throws. */
  async #pause(ms: number, signal: AbortSignal): Promise<undefined> {
    await this.#deps.sleep(ms, signal).catch(() => undefined)
    return undefined
  }
}

function failureKindOf(error: unknown): FailureKind {
  if (error instanceof PlanRejectedError) return 'plan-rejected'
  return error instanceof InvalidProverInputError || error instanceof BatchNotProvableError ? 'invalid-input' : 'failed'
}

async function submit(client: ProverAgentDeps['client'], job: LeasedJob, outcome: Outcome, signal: AbortSignal): Promise<void> {
  if (outcome.kind === 'proof') await client.submit(job, outcome.proof, signal)
  else if (outcome.kind === 'plan') await client.submitPlan(job, outcome.plan, signal)
  else await client.submitSegment(job, outcome, signal)
}

function summaryOf(outcome: Outcome): object {
  if (outcome.kind === 'plan') return { segments: outcome.plan.segments, provingMs: outcome.plan.provingMs }
  return { provingMs: outcome.proof.provingMs, bytes: outcome.proof.bytes.length }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
