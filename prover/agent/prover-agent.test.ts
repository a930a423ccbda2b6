import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  BatchNotProvableError,
  InvalidProverInputError,
  PlanRejectedError,
  type Proof,
  type ProofBackend,
  type ProofPlan,
  type ProofRequest,
  type ProvingContext,
  type SegmentProof,
  type SegmentRequest,
} from '../../core/index.ts'
import { type BrokerServer, startBrokerServer } from '../broker/server.ts'
import {
  type BrokerFixture,
  createBrokerFixture,
  digestOf,
  proofOf,
  requestOf,
  silentLog,
  testBrokerOptions,
  testProgramId,
} from '../testing/broker-fixture.ts'
import { BrokerClient } from './broker-client.ts'
import { BrokerRefusedError, BrokerUnreachableError } from './errors.ts'
import { ProverAgent, type ProverAgentDeps } from './prover-agent.ts'

const digest = digestOf(1)
const token = 'secret'
const kind = { proofType: 'attested', programId: testProgramId } as const

/** A backend that the test finishes by hand. */
class ManualBackend implements ProofBackend {
  readonly type = 'attested'
  readonly programId = testProgramId
  readonly calls: {
    readonly request: ProofRequest
    readonly signal: AbortSignal
    readonly onStep: ProvingContext['onStep']
    resolve(proof: Proof | ProofPlan): void
    reject(error: unknown): void
  }[] = []
  onCall: () => void = () => undefined

  readonly segmentCalls: SegmentRequest[] = []
  proofOfSegment: (request: SegmentRequest) => Promise<SegmentProof> = async ({ segment }) => ({
    bytes: Uint8Array.of(segment),
    provingMs: 1,
  })

  proveSegment(request: SegmentRequest): Promise<SegmentProof> {
    this.segmentCalls.push(request)
    return this.proofOfSegment(request)
  }

  prove(request: ProofRequest, { signal, onStep }: ProvingContext): Promise<Proof | ProofPlan> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      this.calls.push({ request, signal, onStep, resolve, reject })
      this.onCall()
    })
  }

  async call(count: number): Promise<(typeof this.calls)[number]> {
    await new Promise<void>((resolve) => {
      this.onCall = () => this.calls.length >= count && resolve()
      this.onCall()
    })
    const call = this.calls[count - 1]
    if (call === undefined) throw new Error('no call')
    return call
  }
}

/** Sleeps that the test ends by hand, by their length. */
class ManualSleep {
  readonly pending: { ms: number; wake: () => void }[] = []
  onSleep: () => void = () => undefined

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) reject(signal.reason)
      const entry = { ms, wake: resolve }
      this.pending.push(entry)
      signal.addEventListener('abort', () => {
        this.pending.splice(this.pending.indexOf(entry), 1)
        reject(signal.reason)
      })
      this.onSleep()
    })

  async wake(ms: number): Promise<void> {
    const find = () => this.pending.findIndex((entry) => entry.ms === ms)
    await new Promise<void>((resolve) => {
      this.onSleep = () => find() >= 0 && resolve()
      this.onSleep()
    })
    this.pending.splice(find(), 1)[0]?.wake()
  }
}

let fixture: BrokerFixture
let server: BrokerServer
let backend: ManualBackend
let sleeps: ManualSleep
const agents: ProverAgent[] = []

beforeEach(async () => {
  fixture = createBrokerFixture()
  backend = new ManualBackend()
  sleeps = new ManualSleep()
  server = await startBrokerServer({ host: '127.0.0.1', port: 0, token, broker: fixture.broker, log: silentLog })
})

afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.stop()))
  await server.close()
  fixture.database.close()
})

const heartbeatMs = testBrokerOptions.leaseMs / 4

async function startAgent(deps: Partial<ProverAgentDeps> = {}, name = 'agent-1'): Promise<ProverAgent> {
  const agent = new ProverAgent(
    { name, ...kind, backoffMs: 16, maxBackoffMs: 40, stepMs: 0 },
    {
      client: new BrokerClient({ url: server.url, token }),
      loadBackend: async () => backend,
      log: silentLog,
      sleep: sleeps.sleep,
      random: () => 0.5,
      ...deps,
    },
  )
  agents.push(agent)
  await agent.start(new AbortController().signal)
  return agent
}

function settled(): Promise<void> {
  return new Promise((resolve) => {
    const off = fixture.broker.onSettled(() => {
      off()
      resolve()
    })
  })
}

const job = () => fixture.broker.job(digest)

describe('ProverAgent', () => {
  it('proves jobs one after another', async () => {
    await startAgent()
    for (const index of [1, 2]) {
      const done = settled()
      await fixture.broker.enqueue(requestOf(index, Uint8Array.of(index, 9)))
      const call = await backend.call(index)
      expect(call.request).toEqual({
        digest: digestOf(index),
        programId: proofOf(digest).programId,
        batchNumber: BigInt(index),
        input: Uint8Array.of(index, 9),
      })
      call.resolve(proofOf(digestOf(index)))
      await done
      expect(await fixture.broker.result(digestOf(index))).toEqual(proofOf(digestOf(index)))
    }
  })

  it('loads its backend at the first job and once', async () => {
    let loads = 0
    await startAgent({
      async loadBackend() {
        loads++
        return backend
      },
    })
    for (const index of [1, 2]) {
      expect(loads).toBe(index - 1 === 0 ? 0 : 1)
      const done = settled()
      await fixture.broker.enqueue(requestOf(index))
      ;(await backend.call(index)).resolve(proofOf(digestOf(index)))
      await done
    }
    expect(loads).toBe(1)
  })

  it('keeps its lease with heartbeats while it proves', async () => {
    await startAgent()
    const done = settled()
    await fixture.broker.enqueue(requestOf(1))
    const call = await backend.call(1)
    for (let beat = 0; beat < 8; beat++) {
      fixture.clock.now += heartbeatMs
      const leaseBefore = fixture.store.find(digest)?.leaseExpiresAtMs
      await sleeps.wake(heartbeatMs)
      await expect.poll(() => fixture.store.find(digest)?.leaseExpiresAtMs).not.toBe(leaseBefore)
    }
    call.resolve(proofOf(digest))
    await done
    expect(await job()).toMatchObject({ status: 'done', attempts: 1 })
  })

  it('stops proving a job that was cancelled, and goes on with the next', async () => {
    await startAgent()
    await fixture.broker.enqueue(requestOf(1))
    const call = await backend.call(1)
    await fixture.broker.cancel(digest)
    await fixture.broker.enqueue(requestOf(2))
    await sleeps.wake(heartbeatMs)
    const next = await backend.call(2)
    expect(call.signal.reason).toMatchObject({ brokerCode: 'JOB_CANCELLED' })
    expect(next.request.batchNumber).toBe(2n)
  })

  it('reports an invalid input so that nobody tries again', async () => {
    await startAgent()
    const done = settled()
    await fixture.broker.enqueue(requestOf(1))
    ;(await backend.call(1)).reject(new InvalidProverInputError('a node is missing'))
    await done
    expect(await job()).toMatchObject({ status: 'failed', attempts: 1, lastError: expect.stringContaining('a node is missing') })
  })

  it('reports any other failure, and the job is tried again after a pause', async () => {
    await startAgent()
    await fixture.broker.enqueue(requestOf(1))
    ;(await backend.call(1)).reject(new Error('out of memory'))
    await expect.poll(async () => (await job())?.lastError).toBe('out of memory')
    expect(await job()).toMatchObject({ status: 'waiting' })
  })

  it('reports a batch that it can never prove so that nobody tries again', async () => {
    await startAgent()
    const done = settled()
    await fixture.broker.enqueue(requestOf(1))
    ;(await backend.call(1)).reject(new BatchNotProvableError({ reason: 'too long', help: [] }))
    await done
    expect(await job()).toMatchObject({ status: 'failed', attempts: 1, lastError: expect.stringContaining('too long') })
  })

  it('plans a proof in segments and then proves them one after another', async () => {
    await startAgent()
    const done = settled()
    await fixture.broker.enqueue(requestOf(1))
    fixture.verifyProof = async ({ bytes }) => Buffer.compare(bytes, Uint8Array.of(5, 0, 1)) === 0
    ;(await backend.call(1)).resolve({ digest, programId: testProgramId, segments: 2, bytes: Uint8Array.of(5), provingMs: 1 })
    await done
    expect(backend.segmentCalls.map(({ segment, plan, input }) => ({ segment, plan, input }))).toEqual(
      [0, 1].map((segment) => ({ segment, plan: Uint8Array.of(5), input: Uint8Array.of(1) })),
    )
    expect(await fixture.broker.result(digest)).toMatchObject({ bytes: Uint8Array.of(5, 0, 1), segments: 2, provingMs: 3 })
  })

  it('has a batch planned anew whose plan its backend refuses', async () => {
    await startAgent()
    await fixture.broker.enqueue(requestOf(1))
    backend.proofOfSegment = async () => {
      throw new PlanRejectedError({ digest, reason: 'another root' })
    }
    ;(await backend.call(1)).resolve({ digest, programId: testProgramId, segments: 2, bytes: Uint8Array.of(5), provingMs: 1 })
    await expect.poll(async () => (await job())?.lastError).toContain('another root')
    expect(await job()).toMatchObject({ status: 'waiting' })
    expect(fixture.store.plan(digest)).toBeUndefined()
  })

  it('says what it is at as soon as that changes', async () => {
    await startAgent()
    await fixture.broker.enqueue(requestOf(1))
    const { onStep } = await backend.call(1)
    for (const phase of ['commit', 'bus']) {
      onStep?.({ phase, cycles: 1_000, segment: null, segments: null })
      await expect.poll(() => fixture.broker.progress()).toMatchObject([{ phase, cycles: 1_000, agent: 'agent-1', batchNumber: 1n }])
    }
  })

  it('gets no work when it is for another program or makes other proofs', async () => {
    await fixture.broker.enqueue(requestOf(1))
    const client = new BrokerClient({ url: server.url, token })
    for (const other of [{ programId: digestOf(9) }, { proofType: 'stark' as const }]) {
      const lease = client.lease({ agent: 'a', waitMs: 0, ...kind, ...other }, new AbortController().signal)
      await expect(lease).rejects.toThrow(expect.objectContaining({ brokerCode: 'AGENT_MISMATCH', status: 409 }))
    }
    expect(await job()).toMatchObject({ status: 'waiting', attempts: 0 })
  })

  it('goes on after its proof was refused', async () => {
    await startAgent()
    await fixture.broker.enqueue(requestOf(1))
    ;(await backend.call(1)).resolve(proofOf(digest, { bytes: Uint8Array.of(0) }))
    await expect.poll(async () => (await job())?.lastError).toContain('wrong proof')
    await fixture.broker.enqueue(requestOf(2))
    expect((await backend.call(2)).request.batchNumber).toBe(2n)
  })

  it('hands its job back when it is stopped', async () => {
    const agent = await startAgent()
    await fixture.broker.enqueue(requestOf(1))
    const call = await backend.call(1)
    await agent.stop()
    await agent.stop()
    expect(call.signal.aborted).toBe(true)
    expect(await job()).toMatchObject({ status: 'waiting', attempts: 1, lastError: null })
    expect(fixture.broker.lease('next')).toBeDefined()
  })

  it('stops while it waits for a job', async () => {
    const agent = await startAgent()
    await agent.stop()
    await fixture.broker.enqueue(requestOf(1))
    expect(await job()).toMatchObject({ attempts: 0 })
  })

  it('waits longer and longer for a broker that does not answer', async () => {
    let calls = 0
    await startAgent({
      client: {
        lease: async () => {
          calls++
          throw new BrokerUnreachableError({ url: server.url, reason: 'test' })
        },
        input: () => Promise.reject(new Error('unused')),
        plan: () => Promise.reject(new Error('unused')),
        submitPlan: () => Promise.reject(new Error('unused')),
        submitSegment: () => Promise.reject(new Error('unused')),
        heartbeat: () => Promise.reject(new Error('unused')),
        submit: () => Promise.reject(new Error('unused')),
        fail: () => Promise.reject(new Error('unused')),
      },
    })
    // Three quarters of 16, 32, 40, 40: the jitter of a random number of 0.5.
    for (const ms of [12, 24, 30, 30]) await sleeps.wake(ms)
    expect(calls).toBeGreaterThanOrEqual(4)
  })

  it('submits again until the broker answers', async () => {
    const client = new BrokerClient({ url: server.url, token })
    let losses = 3
    await startAgent({
      client: {
        lease: client.lease.bind(client),
        input: client.input.bind(client),
        plan: client.plan.bind(client),
        submitPlan: client.submitPlan.bind(client),
        submitSegment: client.submitSegment.bind(client),
        heartbeat: client.heartbeat.bind(client),
        fail: client.fail.bind(client),
        // The first answers are lost on their way back: the broker has the proof already.
        async submit(...args) {
          await client.submit(...args)
          if (losses-- > 0) throw new BrokerUnreachableError({ url: server.url, reason: 'test' })
        },
      },
    })
    await fixture.broker.enqueue(requestOf(1))
    ;(await backend.call(1)).resolve(proofOf(digest))
    for (const ms of [12, 24, 30]) await sleeps.wake(ms)
    await fixture.broker.enqueue(requestOf(2))
    await backend.call(2)
    expect(fixture.settled).toEqual([digest])
  })

  it('lets another agent do the job of one that died, once', async () => {
    await fixture.broker.enqueue(requestOf(1))
    const dead = await new BrokerClient({ url: server.url, token }).lease(
      { agent: 'dead', waitMs: 0, ...kind },
      new AbortController().signal,
    )
    expect(dead?.digest).toBe(digest)
    fixture.clock.now += testBrokerOptions.leaseMs
    await job()
    fixture.clock.now += testBrokerOptions.backoffMs
    const done = settled()
    await startAgent({}, 'living')
    ;(await backend.call(1)).resolve(proofOf(digest))
    await done
    expect(await job()).toMatchObject({ status: 'done', agent: 'living', attempts: 2 })
    expect(fixture.settled).toEqual([digest])
  })
})

describe('BrokerClient', () => {
  const signal = new AbortController().signal

  it('tells a refusal from a broker that is not there', async () => {
    const wrong = new BrokerClient({ url: server.url, token: 'wrong' })
    await expect(wrong.lease({ agent: 'a', waitMs: 0, ...kind }, signal)).rejects.toThrow(BrokerRefusedError)
    const client = new BrokerClient({ url: server.url, token })
    await expect(client.input(digest, signal)).rejects.toThrow(expect.objectContaining({ brokerCode: 'JOB_NOT_FOUND', status: 404 }))
    await server.close()
    await expect(client.lease({ agent: 'a', waitMs: 0, ...kind }, signal)).rejects.toThrow(BrokerUnreachableError)
  })

  it('gives up at once when the signal fires', async () => {
    const reason = new Error('enough')
    const client = new BrokerClient({ url: server.url, token })
    await expect(client.lease({ agent: 'a', waitMs: 20_000, ...kind }, AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})
