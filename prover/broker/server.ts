import { timingSafeEqual } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { z } from 'zod'
import { DevnetError, hexToBytes, type Logger } from '../../core/index.ts'
import {
  FailureRequest,
  HeartbeatRequest,
  JobParams,
  LeaseRequest,
  PlanRequest,
  protocolPath,
  ResultRequest,
  SegmentParams,
  SegmentResultRequest,
} from '../broker-protocol.ts'
import { BrokerHostError, BrokerPortInUseError, BrokerRequestError } from './errors.ts'
import { type Sleep, waitForLease } from './lease-wait.ts'
import type { ProofBroker } from './proof-broker.ts'

export interface BrokerServerOptions {
  /** Loopback only. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Shared secret of broker and agents: other programs and web pages on this machine cannot feed or starve the queue. */
  readonly token: string
  readonly broker: ProofBroker
  readonly log: Logger
  /** Bytes of a proof. */
  readonly maxProofBytes?: number
  readonly sleep?: Sleep
}

export interface BrokerServer {
  readonly url: string
  /** Answers waiting agents and stops listening. Idempotent. */
  close(): Promise<void>
}

const loopback = ['127.0.0.1', '::1', 'localhost']
const smallBodyBytes = 16 * 1024
const maxWaitingAgents = 256

const statusOfCode: Record<string, number> = {
  JOB_NOT_FOUND: 404,
  LEASE_LOST: 409,
  PLAN_OUTDATED: 409,
  AGENT_MISMATCH: 409,
  JOB_CANCELLED: 410,
  PROOF_REJECTED: 422,
}

const defaultSleep: Sleep = async (ms, signal) => setTimeout(ms, undefined, { signal })

/** Serves the broker to agents over HTTP (`broker-protocol.ts`). Throws `BrokerPortInUseError` or `BrokerHostError`. */
export async function startBrokerServer(opts: BrokerServerOptions): Promise<BrokerServer> {
  const { host, port, log } = opts
  if (!loopback.includes(host)) throw new BrokerHostError(host)
  const closing = new AbortController()
  const app = fastify({ logger: false, bodyLimit: smallBodyBytes, forceCloseConnections: true, return503OnClosing: true })
  acceptOnlyJson(app)
  acceptOnlyAgents(app, opts.token)
  answerErrors(app, log)
  addRoutes(app, opts, closing.signal)
  try {
    const url = await app.listen({ host, port })
    return {
      url,
      async close() {
        closing.abort()
        await app.close()
      },
    }
  } catch (error) {
    await app.close()
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new BrokerPortInUseError({ host, port, cause: error })
    throw error
  }
}

function acceptOnlyJson(app: FastifyInstance): void {
  // Also takes away text/plain, which a browser sends across origins without asking.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, JSON.parse(String(body)))
    } catch {
      done(new BrokerRequestError({ status: 400, code: 'BAD_JSON', message: 'The body is not JSON.' }))
    }
  })
}

function acceptOnlyAgents(app: FastifyInstance, token: string): void {
  const expected = Buffer.from(`Bearer ${token}`)
  app.addHook('onRequest', async ({ headers }) => {
    if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) {
      throw new BrokerRequestError({ status: 403, code: 'BROWSER_REFUSED', message: 'Browsers have no business with the proof broker.' })
    }
    const given = Buffer.from(headers.authorization ?? '')
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new BrokerRequestError({ status: 401, code: 'UNAUTHORIZED', message: 'The broker token is missing or wrong.' })
    }
  })
}

function answerErrors(app: FastifyInstance, log: Logger): void {
  const answer = (reply: FastifyReply, status: number, code: string, message: string): void => {
    void reply.status(status).send({ error: { code, message } })
  }
  app.setNotFoundHandler((_, reply) => answer(reply, 404, 'NOT_FOUND', 'There is no such path.'))
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, request, reply) => {
    if (error instanceof BrokerRequestError) return answer(reply, error.status, error.code, error.message)
    const status = error instanceof DevnetError ? statusOfCode[error.code] : error.statusCode
    if (status !== undefined && status < 500) return answer(reply, status, error.code ?? 'BAD_REQUEST', error.message)
    log.error({ path: request.url, error: error.message }, 'broker request failed')
    answer(reply, 500, 'INTERNAL', 'The broker failed; its log says why.')
  })
}

function addRoutes(
  app: FastifyInstance,
  { broker, maxProofBytes = 8 * 2 ** 20, sleep = defaultSleep }: BrokerServerOptions,
  closing: AbortSignal,
): void {
  let waiting = 0

  app.post(`${protocolPath}/lease`, async (request, reply) => {
    const { agent, waitMs, ...kind } = parse(LeaseRequest, request.body)
    broker.assertServes(kind)
    if (waiting >= maxWaitingAgents)
      throw new BrokerRequestError({ status: 429, code: 'TOO_MANY_AGENTS', message: `${waiting} agents are waiting already.` })
    waiting++
    try {
      const lease = await waitForLease(broker, { agent, waitMs, signal: AbortSignal.any([closing, hangUp(reply)]) }, sleep)
      if (lease === undefined) return reply.status(204).send()
      return {
        digest: lease.digest,
        programId: lease.programId,
        batchNumber: String(lease.batchNumber),
        leaseToken: lease.token,
        leaseMs: lease.leaseMs,
        segment: lease.segment,
      }
    } finally {
      waiting--
    }
  })

  app.get(`${protocolPath}/jobs/:digest/input`, async (request, reply) => {
    const { digest } = parse(JobParams, request.params)
    return reply.type('application/octet-stream').send(Buffer.from(broker.input(digest)))
  })

  app.post(`${protocolPath}/jobs/:digest/heartbeat`, async (request, reply) => {
    const { digest } = parse(JobParams, request.params)
    const { leaseToken, step } = parse(HeartbeatRequest, request.body)
    broker.heartbeat({ digest, token: leaseToken, step })
    return reply.status(204).send()
  })

  app.post(`${protocolPath}/jobs/:digest/result`, { bodyLimit: 2 * maxProofBytes + smallBodyBytes }, async (request, reply) => {
    const { digest } = parse(JobParams, request.params)
    const { leaseToken, bytes, ...proof } = parse(ResultRequest, request.body)
    await broker.complete({ proof: { ...proof, digest, bytes: hexToBytes(bytes) }, token: leaseToken })
    return reply.status(204).send()
  })

  app.post(`${protocolPath}/jobs/:digest/plan`, { bodyLimit: 2 * maxProofBytes + smallBodyBytes }, async (request, reply) => {
    const { digest } = parse(JobParams, request.params)
    const { leaseToken, bytes, ...plan } = parse(PlanRequest, request.body)
    broker.split({ plan: { ...plan, digest, bytes: hexToBytes(bytes) }, token: leaseToken })
    return reply.status(204).send()
  })

  app.get(`${protocolPath}/jobs/:digest/plan`, async (request, reply) => {
    const { digest } = parse(JobParams, request.params)
    return reply.type('application/octet-stream').send(Buffer.from(broker.plan(digest)))
  })

  app.post(`${protocolPath}/jobs/:digest/segments/:segment`, { bodyLimit: 2 * maxProofBytes + smallBodyBytes }, async (request, reply) => {
    const { digest, segment } = parse(SegmentParams, request.params)
    const { planId, bytes, provingMs } = parse(SegmentResultRequest, request.body)
    broker.completeSegment({ digest, segment, planId, proof: { bytes: hexToBytes(bytes), provingMs } })
    return reply.status(204).send()
  })

  app.post(`${protocolPath}/jobs/:digest/failure`, async (request, reply) => {
    const { digest } = parse(JobParams, request.params)
    const { leaseToken, kind, reason } = parse(FailureRequest, request.body)
    broker.fail({ digest, token: leaseToken, kind, reason })
    return reply.status(204).send()
  })
}

/** Fires when the connection closes before the answer: the agent died or gave up. */
function hangUp(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return gone.signal
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue?.path.join('.') || 'request'
  throw new BrokerRequestError({ status: 400, code: 'INVALID_REQUEST', message: `${where}: ${issue?.message ?? 'invalid'}` })
}
