import { InvalidProverInputError, type Logger, type Proof, type ProofBackend, type Service } from '../../core/index.ts'
import type { FailureKind } from '../broker/proof-broker.ts'
import { maxLeaseWaitMs } from '../broker-protocol.ts'
import type { BrokerClient, LeasedJob } from './broker-client.ts'
import { BrokerRefusedError, BrokerUnreachableError } from './errors.ts'

export interface ProverAgentOptions {
  /** Shown with its jobs. */
  readonly name: string
  readonly backoffMs?: number
  readonly maxBackoffMs?: number
  /** Handing a job back on stop may take this long. */
  readonly handBackMs?: number
}

export interface ProverAgentDeps {
  readonly client: Pick<BrokerClient, 'lease' | 'input' | 'heartbeat' | 'submit' | 'fail'>
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
    this.#opts = { backoffMs: 200, maxBackoffMs: 5_000, handBackMs: 2_000, ...opts }
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
    while (!signal.aborted) {
      const job = await this.#retry(() => client.lease({ agent: this.#opts.name, waitMs: maxLeaseWaitMs }, signal), signal).catch(
        (error) => {
          // Only a refusal comes out of the retries: a wrong token or version. Nobody can mend it from here, but a new broker may.
          if (!signal.aborted) log.error({ error: messageOf(error) }, 'broker refuses this agent')
          return this.#pause(this.#opts.maxBackoffMs, signal)
        },
      )
      if (job !== undefined) await this.#work(job, signal)
    }
  }

  async #work(job: LeasedJob, signal: AbortSignal): Promise<void> {
    const { client, log } = this.#deps
    const fields = { batch: job.batchNumber, digest: job.digest }
    log.debug(fields, 'proving')
    try {
      const proof = await this.#prove(job, signal)
      await this.#retry(() => client.submit(job, proof, signal), signal)
      log.info({ ...fields, provingMs: proof.provingMs }, 'proof submitted')
    } catch (error) {
      if (error instanceof BrokerRefusedError) {
        log.warn({ ...fields, code: error.brokerCode, error: error.message }, 'job given up')
        return
      }
      const kind = signal.aborted ? 'handed-back' : error instanceof InvalidProverInputError ? 'invalid-input' : 'failed'
      if (kind !== 'handed-back') log.error({ ...fields, kind, error: messageOf(error) }, 'proof failed')
      await this.#report(job, { kind, reason: messageOf(error) })
    }
  }

  /** Throws `BrokerRefusedError` when the job turns out to be somebody else's or cancelled meanwhile. */
  async #prove(job: LeasedJob, signal: AbortSignal): Promise<Proof> {
    const attempt = new AbortController()
    const attemptSignal = AbortSignal.any([signal, attempt.signal])
    const ended = new AbortController()
    const heartbeats = this.#heartbeat(job, { attempt, ended: ended.signal })
    try {
      const input = await this.#retry(() => this.#deps.client.input(job.digest, attemptSignal), attemptSignal)
      this.#backend ??= await this.#deps.loadBackend()
      const { digest, programId, batchNumber } = job
      return await this.#backend.prove({ digest, programId, batchNumber, input }, { signal: attemptSignal })
    } catch (error) {
      throw attempt.signal.aborted && !signal.aborted ? attempt.signal.reason : error
    } finally {
      ended.abort()
      await heartbeats
    }
  }

  /** Keeps the lease until `ended`; aborts the attempt when the broker says that it is lost. */
  async #heartbeat(job: LeasedJob, { attempt, ended }: { attempt: AbortController; ended: AbortSignal }): Promise<void> {
    for (;;) {
      await this.#pause(job.leaseMs / 4, ended)
      if (ended.aborted) return
      try {
        await this.#deps.client.heartbeat(job, ended)
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
