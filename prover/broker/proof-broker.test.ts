import { beforeEach, describe, expect, it } from 'vitest'
import {
  type BrokerFixture,
  createBrokerFixture,
  digestOf,
  proofOf,
  requestOf,
  testBrokerOptions,
  testProgramId,
} from '../testing/broker-fixture.ts'
import type { Lease } from './lease.ts'
import type { ProofBroker } from './proof-broker.ts'

let fixture: BrokerFixture
let broker: ProofBroker

beforeEach(() => {
  fixture = createBrokerFixture()
  broker = fixture.broker
})

const digest = digestOf(1)
const code = (expected: string): unknown => expect.objectContaining({ code: expected })

function leaseNow(agent = 'a'): Lease {
  const lease = broker.lease(agent)
  if (lease === undefined) throw new Error('no job was free')
  return lease
}

describe('ProofBroker', () => {
  it('takes a job from enqueue to proof', async () => {
    await broker.enqueue(requestOf(1, Uint8Array.of(7, 8)))
    expect(await broker.job(digest)).toEqual({ digest, batchNumber: 1n, status: 'waiting', attempts: 0, agent: null, lastError: null })
    const lease = leaseNow('agent-1')
    expect(lease).toEqual({ digest, programId: testProgramId, batchNumber: 1n, token: 'token-1', leaseMs: 10_000, segment: null })
    expect(broker.input(digest)).toEqual(Buffer.from([7, 8]))
    expect(await broker.job(digest)).toMatchObject({ status: 'leased', attempts: 1, agent: 'agent-1' })
    await broker.complete({ proof: proofOf(digest), token: lease.token })
    expect(await broker.job(digest)).toMatchObject({ status: 'done', agent: 'agent-1' })
    expect(await broker.result(digest)).toEqual(proofOf(digest))
    expect(fixture.settled).toEqual([digest])
    expect(fixture.stages).toEqual(['job leased', 'proof returned'])
    expect(() => broker.input(digest)).toThrow(code('JOB_NOT_FOUND'))
  })

  it('gives the oldest batch first and each job to one agent', async () => {
    for (const index of [3, 1, 2]) await broker.enqueue(requestOf(index))
    expect(['a', 'b', 'c', 'd'].map((agent) => broker.lease(agent)?.batchNumber)).toEqual([1n, 2n, 3n, undefined])
  })

  it('enqueues a job once, whatever its state', async () => {
    await broker.enqueue(requestOf(1, Uint8Array.of(1)))
    await broker.enqueue(requestOf(1, Uint8Array.of(2)))
    expect(broker.input(digest)).toEqual(Buffer.from([1]))
    const { token } = leaseNow()
    await broker.enqueue(requestOf(1))
    expect(broker.lease('b')).toBeUndefined()
    await broker.complete({ proof: proofOf(digest), token })
    await broker.enqueue(requestOf(1))
    expect(await broker.job(digest)).toMatchObject({ status: 'done' })
  })

  it('starts over when the program changed, because the digest does not cover it', async () => {
    await broker.enqueue(requestOf(1))
    await broker.complete({ proof: proofOf(digest), token: leaseNow().token })
    const programId = digestOf(99)
    await broker.enqueue({ ...requestOf(1), programId })
    expect(await broker.job(digest)).toMatchObject({ status: 'waiting' })
    expect(await broker.result(digest)).toBeUndefined()
    await expect(broker.complete({ proof: proofOf(digest), token: leaseNow().token })).rejects.toThrow(code('PROOF_REJECTED'))
  })

  it('gives a job to another agent when its lease expires, and takes either result once', async () => {
    await broker.enqueue(requestOf(1))
    const late = leaseNow('slow')
    fixture.clock.now += testBrokerOptions.leaseMs
    expect(await broker.job(digest)).toMatchObject({ status: 'waiting', lastError: 'agent slow stopped answering' })
    expect(broker.lease('fast')).toBeUndefined()
    fixture.clock.now += testBrokerOptions.backoffMs
    const second = leaseNow('fast')
    expect(second.token).not.toBe(late.token)
    await broker.complete({ proof: proofOf(digest), token: late.token })
    await broker.complete({ proof: proofOf(digest, { provingMs: 9 }), token: second.token })
    expect(fixture.settled).toEqual([digest])
    expect(await broker.result(digest)).toMatchObject({ provingMs: 5 })
  })

  it('frees the job of an agent that comes back without a proof', async () => {
    await broker.enqueue(requestOf(1))
    leaseNow('killed')
    expect(broker.lease('killed')).toBeUndefined()
    expect(await broker.job(digest)).toMatchObject({ status: 'waiting', lastError: 'agent killed came back without a proof' })
    fixture.clock.now += testBrokerOptions.backoffMs
    expect(broker.lease('killed')?.digest).toBe(digest)
    expect(broker.lease('other')).toBeUndefined()
    expect(await broker.job(digest)).toMatchObject({ status: 'leased', agent: 'killed', attempts: 2 })
  })

  it('prolongs a lease on each heartbeat', async () => {
    await broker.enqueue(requestOf(1))
    const { token } = leaseNow()
    for (let beat = 0; beat < 5; beat++) {
      fixture.clock.now += testBrokerOptions.leaseMs - 1
      broker.heartbeat({ digest, token })
    }
    expect(await broker.job(digest)).toMatchObject({ status: 'leased', attempts: 1 })
    expect(() => broker.heartbeat({ digest, token: 'other' })).toThrow(code('LEASE_LOST'))
    fixture.clock.now += testBrokerOptions.leaseMs
    expect(() => broker.heartbeat({ digest, token })).toThrow(code('LEASE_LOST'))
  })

  it('pauses longer after each failure and sets the job aside after the last', async () => {
    await broker.enqueue(requestOf(1))
    const pauses: (number | undefined)[] = []
    for (let failure = 1; failure <= testBrokerOptions.maxFailures; failure++) {
      broker.fail({ digest, token: leaseNow().token, kind: 'failed', reason: `out of luck ${failure}` })
      pauses.push(broker.msUntilWork())
      fixture.clock.now += 1_000
    }
    expect(pauses).toEqual([100, 150, undefined])
    expect(await broker.job(digest)).toMatchObject({ status: 'failed', attempts: 3, lastError: 'out of luck 3' })
    expect(fixture.settled).toEqual([digest])
    expect(broker.lease('a')).toBeUndefined()
  })

  it('sets a job with an invalid input aside at once', async () => {
    await broker.enqueue(requestOf(1))
    broker.fail({ digest, token: leaseNow().token, kind: 'invalid-input', reason: 'a node is missing' })
    expect(await broker.job(digest)).toMatchObject({ status: 'failed', attempts: 1, lastError: 'a node is missing' })
    expect(fixture.settled).toEqual([digest])
  })

  it('counts a job that kills its agents as failing', async () => {
    await broker.enqueue(requestOf(1))
    for (let round = 0; round < testBrokerOptions.maxFailures; round++) {
      leaseNow()
      fixture.clock.now += testBrokerOptions.leaseMs
      await broker.job(digest)
      fixture.clock.now += 1_000
    }
    expect(await broker.job(digest)).toMatchObject({ status: 'failed', lastError: 'agent a stopped answering' })
  })

  it('frees a job that is handed back at once and without counting', async () => {
    await broker.enqueue(requestOf(1))
    for (let round = 0; round < 10; round++) broker.fail({ digest, token: leaseNow().token, kind: 'handed-back', reason: 'stopping' })
    expect(await broker.job(digest)).toMatchObject({ status: 'waiting', attempts: 10 })
  })

  it('revives failed and cancelled jobs with the new input', async () => {
    await broker.enqueue(requestOf(1, Uint8Array.of(1)))
    broker.fail({ digest, token: leaseNow().token, kind: 'invalid-input', reason: 'bad' })
    await broker.enqueue(requestOf(1, Uint8Array.of(2)))
    expect(await broker.job(digest)).toMatchObject({ status: 'waiting', lastError: null })
    expect(broker.input(digest)).toEqual(Buffer.from([2]))
    await broker.cancel(digest)
    await broker.enqueue(requestOf(1, Uint8Array.of(3)))
    expect(broker.input(digest)).toEqual(Buffer.from([3]))
  })

  it('refuses everything about a cancelled job', async () => {
    await broker.enqueue(requestOf(1))
    const { token } = leaseNow()
    await broker.cancel(digest)
    expect(() => broker.input(digest)).toThrow(code('JOB_CANCELLED'))
    expect(() => broker.heartbeat({ digest, token })).toThrow(code('JOB_CANCELLED'))
    expect(() => broker.fail({ digest, token, kind: 'failed', reason: '' })).toThrow(code('JOB_CANCELLED'))
    await expect(broker.complete({ proof: proofOf(digest), token })).rejects.toThrow(code('JOB_CANCELLED'))
    expect(await broker.result(digest)).toBeUndefined()
    expect(fixture.settled).toEqual([])
  })

  it('refuses a result of a job that is cancelled while the proof is verified', async () => {
    await broker.enqueue(requestOf(1))
    const { token } = leaseNow()
    fixture.verifyProof = async () => {
      await broker.cancel(digest)
      return true
    }
    await expect(broker.complete({ proof: proofOf(digest), token })).rejects.toThrow(code('JOB_CANCELLED'))
    expect(await broker.result(digest)).toBeUndefined()
  })

  it('keeps a done job and its proof when asked to cancel it', async () => {
    await broker.enqueue(requestOf(1))
    await broker.complete({ proof: proofOf(digest), token: leaseNow().token })
    await broker.cancel(digest)
    expect(await broker.result(digest)).toEqual(proofOf(digest))
  })

  it.each([
    ['of another type', { type: 'stark' as const }],
    ['of another program', { programId: digestOf(5) }],
    ['that does not verify', { bytes: Uint8Array.of(6) }],
  ])('refuses a proof %s and counts it against the lease', async (_, changes) => {
    await broker.enqueue(requestOf(1))
    const { token } = leaseNow()
    const wrong = proofOf(digest, changes)
    await expect(broker.complete({ proof: wrong, token: 'stale' })).rejects.toThrow(code('PROOF_REJECTED'))
    expect(await broker.job(digest)).toMatchObject({ status: 'leased' })
    await expect(broker.complete({ proof: wrong, token })).rejects.toThrow(code('PROOF_REJECTED'))
    expect(await broker.job(digest)).toMatchObject({ status: 'waiting', lastError: expect.stringContaining('wrong proof') })
    expect(await broker.result(digest)).toBeUndefined()
  })

  it('takes two equal results at the same time once', async () => {
    await broker.enqueue(requestOf(1))
    const { token } = leaseNow()
    await Promise.all([broker.complete({ proof: proofOf(digest), token }), broker.complete({ proof: proofOf(digest), token })])
    expect(fixture.settled).toEqual([digest])
  })

  it('takes a right proof even of a job that was set aside', async () => {
    await broker.enqueue(requestOf(1))
    const { token } = leaseNow()
    broker.fail({ digest, token, kind: 'invalid-input', reason: 'bad' })
    await broker.complete({ proof: proofOf(digest), token })
    expect(await broker.job(digest)).toMatchObject({ status: 'done' })
  })

  it('knows no job that was not enqueued', async () => {
    expect(await broker.job(digest)).toBeUndefined()
    await broker.cancel(digest)
    expect(() => broker.input(digest)).toThrow(code('JOB_NOT_FOUND'))
    await expect(broker.complete({ proof: proofOf(digest), token: 'x' })).rejects.toThrow(code('JOB_NOT_FOUND'))
  })

  it('hands leases back when it starts anew, and still takes the late result', async () => {
    await broker.enqueue(requestOf(1))
    const { token } = leaseNow()
    broker = fixture.restart()
    expect(await broker.job(digest)).toMatchObject({ status: 'waiting', attempts: 1, lastError: null })
    await broker.complete({ proof: proofOf(digest), token })
    expect(await broker.result(digest)).toEqual(proofOf(digest))
  })

  it('does not let a listener that throws disturb the others', async () => {
    const heard: string[] = []
    broker.onSettled(() => {
      throw new Error('boom')
    })
    const off = broker.onSettled((settled) => heard.push(settled))
    for (const index of [1, 2]) {
      await broker.enqueue(requestOf(index))
      await broker.complete({ proof: proofOf(digestOf(index)), token: leaseNow().token })
      off()
    }
    expect(heard).toEqual([digest])
  })
})
