import type { z } from 'zod'
import { bytesToHex, type Hex, type Proof, type ProofPlan, type ProvingStep, type SegmentProof } from '../../core/index.ts'
import type { AgentKind, FailureKind } from '../broker/lease.ts'
import { ErrorResponse, LeaseResponse, maxReasonLength, protocolPath } from '../broker-protocol.ts'
import { BrokerRefusedError, BrokerUnreachableError } from './errors.ts'

export interface BrokerClientOptions {
  /** E.g. `http://127.0.0.1:3051`. */
  readonly url: string
  readonly token: string
}

/** A job that this agent holds. */
export type LeasedJob = Omit<z.output<typeof LeaseResponse>, 'batchNumber'> & { readonly batchNumber: bigint }

const requestTimeoutMs = 10_000

/** The broker over HTTP. Every method throws `BrokerUnreachableError` or `BrokerRefusedError`, or the signal's reason. */
export class BrokerClient {
  readonly #opts: BrokerClientOptions

  constructor(opts: BrokerClientOptions) {
    this.#opts = opts
  }

  /** Waits for a job up to `waitMs`; undefined when none came. */
  async lease(
    request: AgentKind & { readonly agent: string; readonly waitMs: number },
    signal: AbortSignal,
  ): Promise<LeasedJob | undefined> {
    const { agent, waitMs, proofType, programId } = request
    const response = await this.#send('/lease', { agent, waitMs, proofType, programId }, { signal, timeoutMs: waitMs + requestTimeoutMs })
    if (response.length === 0) return undefined
    const job = LeaseResponse.safeParse(parseJson(response))
    if (!job.success) throw this.#unreachable('its answer to a lease is not understood')
    return { ...job.data, batchNumber: BigInt(job.data.batchNumber) }
  }

  async input(digest: Hex, signal: AbortSignal): Promise<Uint8Array> {
    return this.#send(`/jobs/${digest}/input`, undefined, { signal, timeoutMs: 6 * requestTimeoutMs })
  }

  async plan(digest: Hex, signal: AbortSignal): Promise<Uint8Array> {
    return this.#send(`/jobs/${digest}/plan`, undefined, { signal, timeoutMs: 6 * requestTimeoutMs })
  }

  async heartbeat({ digest, leaseToken }: LeasedJob, step: ProvingStep | undefined, signal: AbortSignal): Promise<void> {
    await this.#send(`/jobs/${digest}/heartbeat`, { leaseToken, ...(step && { step }) }, { signal, timeoutMs: requestTimeoutMs })
  }

  async submit(
    { digest, leaseToken }: LeasedJob,
    { type, programId, bytes, provingMs, segments }: Proof,
    signal: AbortSignal,
  ): Promise<void> {
    const body = { leaseToken, type, programId, bytes: bytesToHex(bytes), provingMs: Math.round(provingMs), segments }
    await this.#send(`/jobs/${digest}/result`, body, { signal, timeoutMs: 6 * requestTimeoutMs })
  }

  async submitPlan(
    { digest, leaseToken }: LeasedJob,
    { programId, segments, bytes, provingMs }: ProofPlan,
    signal: AbortSignal,
  ): Promise<void> {
    const body = { leaseToken, programId, segments, bytes: bytesToHex(bytes), provingMs: Math.round(provingMs) }
    await this.#send(`/jobs/${digest}/plan`, body, { signal, timeoutMs: 6 * requestTimeoutMs })
  }

  async submitSegment(
    { digest }: LeasedJob,
    { index, planId, proof }: { readonly index: number; readonly planId: Hex; readonly proof: SegmentProof },
    signal: AbortSignal,
  ): Promise<void> {
    const body = { planId, bytes: bytesToHex(proof.bytes), provingMs: Math.round(proof.provingMs) }
    await this.#send(`/jobs/${digest}/segments/${index}`, body, { signal, timeoutMs: 6 * requestTimeoutMs })
  }

  async fail(
    { digest, leaseToken }: LeasedJob,
    { kind, reason }: { readonly kind: FailureKind; readonly reason: string },
    signal: AbortSignal,
  ): Promise<void> {
    const body = { leaseToken, kind, reason: reason.slice(0, maxReasonLength) }
    await this.#send(`/jobs/${digest}/failure`, body, { signal, timeoutMs: requestTimeoutMs })
  }

  async #send(
    path: string,
    body: object | undefined,
    { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
  ): Promise<Uint8Array> {
    signal.throwIfAborted()
    let status: number
    let answer: Uint8Array
    try {
      const response = await fetch(`${this.#opts.url}${protocolPath}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${this.#opts.token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      })
      status = response.status
      answer = new Uint8Array(await response.arrayBuffer())
    } catch (error) {
      signal.throwIfAborted()
      throw this.#unreachable(reasonOf(error), error)
    }
    if (status >= 200 && status < 300) return answer
    const refusal = ErrorResponse.safeParse(parseJson(answer))
    if (status >= 500 || status === 429 || !refusal.success) throw this.#unreachable(`it answered with status ${status}`)
    throw new BrokerRefusedError({ status, brokerCode: refusal.data.error.code, message: refusal.data.error.message })
  }

  #unreachable(reason: string, cause?: unknown): BrokerUnreachableError {
    return new BrokerUnreachableError({ url: this.#opts.url, reason, cause })
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // fetch says only "fetch failed" and hides the reason in its cause.
  return error.cause instanceof Error ? error.cause.message : error.message
}
