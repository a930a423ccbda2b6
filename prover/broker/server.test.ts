import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bytesToHex } from '../../core/index.ts'
import {
  type BrokerFixture,
  createBrokerFixture,
  digestOf,
  goodBytes,
  proofOf,
  requestOf,
  silentLog,
  testProgramId,
} from '../testing/broker-fixture.ts'
import type { Sleep } from './lease-wait.ts'
import { type BrokerServer, startBrokerServer } from './server.ts'

const token = 'secret-of-this-run'
const digest = digestOf(1)

let fixture: BrokerFixture
let server: BrokerServer
/** Pending sleeps by their length; a test ends them by hand. */
let sleeps: { ms: number; wake: () => void; ended: Promise<void> }[]
let onSleep: () => void

const sleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    const ended = new Promise<void>((end) => signal.addEventListener('abort', () => end(), { once: true }))
    sleeps.push({ ms, wake: resolve, ended })
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    onSleep()
  })

beforeEach(async () => {
  fixture = createBrokerFixture()
  sleeps = []
  onSleep = () => undefined
  server = await startBrokerServer({
    host: '127.0.0.1',
    port: 0,
    token,
    broker: fixture.broker,
    log: silentLog,
    sleep,
    maxProofBytes: 1_000,
  })
})

afterEach(async () => {
  await server.close()
  fixture.database.close()
})

interface Answer {
  readonly status: number
  readonly body: { readonly error?: { readonly code: string; readonly message: string } } & Record<string, unknown>
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: text,
  })
  const answer = await response.text()
  return { status: response.status, body: answer === '' ? {} : JSON.parse(answer) }
}

/** Resolves when that many sleeps have begun. */
function sleeping(count: number): Promise<void> {
  return new Promise((resolve) => {
    onSleep = () => {
      if (sleeps.length >= count) resolve()
    }
    onSleep()
  })
}

const kind = { proofType: 'attested', programId: testProgramId }
const lease = (waitMs = 0): Promise<Answer> => post('/v2/lease', { agent: 'agent-1', waitMs, ...kind })
const resultBody = (leaseToken: unknown): object => ({
  leaseToken,
  type: 'attested',
  programId: testProgramId,
  bytes: bytesToHex(goodBytes),
  provingMs: 5,
  segments: null,
})

describe('broker server', () => {
  it('serves a job from lease to result', async () => {
    await fixture.broker.enqueue(requestOf(1, Uint8Array.of(1, 0, 255)))
    const { status, body } = await lease()
    expect({ status, body }).toEqual({
      status: 200,
      body: { digest, programId: testProgramId, batchNumber: '1', leaseToken: 'token-1', leaseMs: 10_000, segment: null },
    })
    const input = await fetch(`${server.url}/v2/jobs/${digest}/input`, { headers: { authorization: `Bearer ${token}` } })
    expect(new Uint8Array(await input.arrayBuffer())).toEqual(Uint8Array.of(1, 0, 255))
    expect((await post(`/v2/jobs/${digest}/heartbeat`, { leaseToken: 'token-1' })).status).toBe(204)
    expect((await post(`/v2/jobs/${digest}/result`, resultBody('token-1'))).status).toBe(204)
    expect(await fixture.broker.result(digest)).toEqual(proofOf(digest))
    expect((await post(`/v2/jobs/${digest}/result`, resultBody('token-1'))).status).toBe(204)
  })

  it('answers 204 when there is nothing to do', async () => {
    expect((await lease()).status).toBe(204)
  })

  it('answers a waiting agent the moment a job is enqueued', async () => {
    const answer = lease(20_000)
    await sleeping(1)
    await fixture.broker.enqueue(requestOf(1))
    expect(await answer).toMatchObject({ status: 200, body: { digest } })
  })

  it('answers a waiting agent when a pause after a failure ends', async () => {
    await fixture.broker.enqueue(requestOf(1))
    await lease()
    await post(`/v2/jobs/${digest}/failure`, { leaseToken: 'token-1', kind: 'failed', reason: 'no luck' })
    const answer = lease(20_000)
    await sleeping(2)
    const pause = sleeps.find(({ ms }) => ms !== 20_000)
    expect(pause?.ms).toBe(100)
    fixture.clock.now += 100
    pause?.wake()
    expect(await answer).toMatchObject({ status: 200, body: { leaseToken: 'token-2' } })
  })

  it('ends the wait at its time', async () => {
    const answer = lease(5_000)
    await sleeping(1)
    expect(sleeps.map(({ ms }) => ms)).toEqual([5_000])
    sleeps[0]?.wake()
    expect((await answer).status).toBe(204)
  })

  it('gives no job to an agent that hung up while it waited', async () => {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const body = JSON.stringify({ agent: 'gone', waitMs: 20_000, ...kind })
    const head = `POST /v2/lease HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json`
    socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    await sleeping(1)
    const ended = sleeps[0]?.ended
    socket.destroy()
    await ended
    await fixture.broker.enqueue(requestOf(1))
    expect(await fixture.broker.job(digest)).toMatchObject({ status: 'waiting', attempts: 0 })
  })

  it('maps what went wrong to a status and a code', async () => {
    await fixture.broker.enqueue(requestOf(1))
    await lease()
    const cases: [string, object, number, string][] = [
      [`/v2/jobs/${digestOf(9)}/heartbeat`, { leaseToken: 'x' }, 404, 'JOB_NOT_FOUND'],
      [`/v2/jobs/${digest}/heartbeat`, { leaseToken: 'x' }, 409, 'LEASE_LOST'],
      [`/v2/jobs/${digest}/failure`, { leaseToken: 'x', kind: 'failed', reason: '' }, 409, 'LEASE_LOST'],
      [`/v2/jobs/${digest}/result`, { ...resultBody('x'), bytes: '0x00' }, 422, 'PROOF_REJECTED'],
    ]
    for (const [path, body, status, code] of cases) expect(await post(path, body)).toMatchObject({ status, body: { error: { code } } })
    await fixture.broker.cancel(digest)
    expect(await post(`/v2/jobs/${digest}/result`, resultBody('token-1'))).toMatchObject({
      status: 410,
      body: { error: { code: 'JOB_CANCELLED' } },
    })
  })

  it('hides what went wrong inside', async () => {
    fixture.verifyProof = async () => {
      throw new Error('private detail')
    }
    await fixture.broker.enqueue(requestOf(1))
    await lease()
    const answer = await post(`/v2/jobs/${digest}/result`, resultBody('token-1'))
    expect(answer).toMatchObject({ status: 500, body: { error: { code: 'INTERNAL' } } })
    expect(answer.body.error?.message).not.toContain('private')
    expect(await fixture.broker.job(digest)).toMatchObject({ status: 'leased' })
  })

  it('answers waiting agents when it closes', async () => {
    const answer = lease(20_000)
    await sleeping(1)
    await server.close()
    expect((await answer.catch(() => ({ status: 204 }))).status).toBe(204)
  })
})

describe('broker server, hostile requests', () => {
  it.each([
    ['no token', { authorization: '' }, 401, 'UNAUTHORIZED'],
    ['a wrong token', { authorization: `Bearer ${'x'.repeat(token.length)}` }, 401, 'UNAUTHORIZED'],
    ['the token without scheme', { authorization: token }, 401, 'UNAUTHORIZED'],
    ['an Origin', { origin: 'http://evil.example' }, 403, 'BROWSER_REFUSED'],
    ['a null Origin', { origin: 'null' }, 403, 'BROWSER_REFUSED'],
    ['text/plain', { 'content-type': 'text/plain' }, 415, 'FST_ERR_CTP_INVALID_MEDIA_TYPE'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'FST_ERR_CTP_INVALID_MEDIA_TYPE'],
  ])('refuses %s', async (_, headers, status, code) => {
    await fixture.broker.enqueue(requestOf(1))
    expect(await post('/v2/lease', { agent: 'a', waitMs: 0, ...kind }, headers)).toMatchObject({ status, body: { error: { code } } })
    expect(await fixture.broker.job(digest)).toMatchObject({ attempts: 0 })
  })

  it.each([
    ['no JSON', '/v2/lease', 'not json', 400, 'BAD_JSON'],
    ['an empty body', '/v2/lease', '', 400, 'BAD_JSON'],
    ['null', '/v2/lease', 'null', 400, 'INVALID_REQUEST'],
    ['a list', '/v2/lease', [], 400, 'INVALID_REQUEST'],
    ['a field too many', '/v2/lease', { agent: 'a', waitMs: 0, more: 1, ...kind }, 400, 'INVALID_REQUEST'],
    ['an agent with a strange name', '/v2/lease', { agent: 'a\n', waitMs: 0, ...kind }, 400, 'INVALID_REQUEST'],
    ['an endless wait', '/v2/lease', { agent: 'a', waitMs: 20_001, ...kind }, 400, 'INVALID_REQUEST'],
    ['a negative wait', '/v2/lease', { agent: 'a', waitMs: -1, ...kind }, 400, 'INVALID_REQUEST'],
    ['a wait as text', '/v2/lease', { agent: 'a', waitMs: '1', ...kind }, 400, 'INVALID_REQUEST'],
    ['a short digest', '/v2/jobs/0x12/heartbeat', { leaseToken: 'x' }, 400, 'INVALID_REQUEST'],
    ['a digest that climbs', '/v2/jobs/..%2f..%2fetc/heartbeat', { leaseToken: 'x' }, 400, 'INVALID_REQUEST'],
    ['an unknown failure', `/v2/jobs/${digest}/failure`, { leaseToken: 'x', kind: 'bored', reason: '' }, 400, 'INVALID_REQUEST'],
    [
      'an endless reason',
      `/v2/jobs/${digest}/failure`,
      { leaseToken: 'x', kind: 'failed', reason: 'x'.repeat(2_001) },
      400,
      'INVALID_REQUEST',
    ],
    ['odd hex', `/v2/jobs/${digest}/result`, { ...resultBody('x'), bytes: '0x123' }, 400, 'INVALID_REQUEST'],
    ['an unknown proof type', `/v2/jobs/${digest}/result`, { ...resultBody('x'), type: 'magic' }, 400, 'INVALID_REQUEST'],
    ['a body too large', '/v2/lease', { agent: 'x'.repeat(20_000), waitMs: 0 }, 413, 'FST_ERR_CTP_BODY_TOO_LARGE'],
    [
      'a proof too large',
      `/v2/jobs/${digest}/result`,
      { ...resultBody('x'), bytes: `0x${'00'.repeat(20_000)}` },
      413,
      'FST_ERR_CTP_BODY_TOO_LARGE',
    ],
    ['another version', '/v1/lease', {}, 404, 'NOT_FOUND'],
    ['an unknown path', '/v2/jobs', {}, 404, 'NOT_FOUND'],
  ])('refuses %s and goes on', async (_, path, body, status, code) => {
    expect(await post(path, body)).toMatchObject({ status, body: { error: { code } } })
    await fixture.broker.enqueue(requestOf(1))
    expect((await lease()).status).toBe(200)
  })

  it('listens on loopback only', async () => {
    const start = startBrokerServer({ host: '0.0.0.0', port: 0, token, broker: fixture.broker, log: silentLog })
    await expect(start).rejects.toThrow(expect.objectContaining({ code: 'BROKER_HOST' }))
  })

  it('says which flag chooses another port', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const start = startBrokerServer({ host: '127.0.0.1', port, token, broker: fixture.broker, log: silentLog })
    await expect(start).rejects.toThrow(
      expect.objectContaining({ code: 'PORT_IN_USE', exitCode: 3, metaMessages: [expect.stringContaining('--broker-port')] }),
    )
    other.close()
  })
})
