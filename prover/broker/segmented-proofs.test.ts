import { beforeEach, describe, expect, it } from 'vitest'
import { keccak256Hex, type Proof, type ProofPlan } from '../../core/index.ts'
import {
  type BrokerFixture,
  createBrokerFixture,
  digestOf,
  requestOf,
  testBrokerOptions,
  testProgramId,
} from '../testing/broker-fixture.ts'
import type { Lease } from './lease.ts'
import type { ProofBroker } from './proof-broker.ts'

let fixture: BrokerFixture
let broker: ProofBroker

const digest = digestOf(1)
const code = (expected: string): unknown => expect.objectContaining({ code: expected })
const planBytes = Uint8Array.of(9, 9)
const planId = keccak256Hex(planBytes)

function planOf(segments: number, changes: Partial<ProofPlan> = {}): ProofPlan {
  return { digest, programId: testProgramId, segments, bytes: planBytes, provingMs: 10, ...changes }
}

const segmentProof = (segment: number) => ({ bytes: Uint8Array.of(segment), provingMs: 100 })

function leaseNow(agent: string): Lease {
  const lease = broker.lease(agent)
  if (lease === undefined) throw new Error('no job was free')
  return lease
}

/** The whole job, planned. */
async function planned(segments: number): Promise<void> {
  await broker.enqueue(requestOf(1))
  broker.split({ plan: planOf(segments), token: leaseNow('planner').token })
}

function finish({ segment }: Lease): void {
  if (segment === null) throw new Error('not a segment')
  broker.completeSegment({ digest, segment: segment.index, planId: segment.planId, proof: segmentProof(segment.index) })
}

/** The proofs that were verified; they are right when their bytes are the plan's and one for each segment, in order. */
let verified: Proof[]

function whenSettled(): Promise<void> {
  return new Promise((resolve) => {
    const off = broker.onSettled(() => {
      off()
      resolve()
    })
  })
}

beforeEach(() => {
  fixture = createBrokerFixture()
  broker = fixture.broker
  verified = []
  fixture.verifyProof = async (proof) => {
    verified.push(proof)
    return proof.bytes.subarray(2).every((byte, index) => byte === index)
  }
})

describe('a proof in segments', () => {
  it('is leased segment by segment and put together in their order', async () => {
    await planned(3)
    expect(await broker.job(digest)).toMatchObject({ status: 'segmented' })
    const leases = ['a', 'b', 'c'].map(leaseNow)
    expect(leases.map(({ segment }) => segment)).toEqual([0, 1, 2].map((index) => ({ index, count: 3, planId })))
    expect(broker.lease('d')).toBeUndefined()
    expect(broker.plan(digest)).toEqual(planBytes)
    const done = whenSettled()
    for (const lease of leases.toReversed()) finish(lease)
    await done
    const bytes = Uint8Array.of(9, 9, 0, 1, 2)
    expect(await broker.result(digest)).toEqual({ type: 'attested', programId: testProgramId, digest, bytes, provingMs: 310, segments: 3 })
    expect(verified).toHaveLength(1)
    expect(fixture.settled).toEqual([digest])
    expect(() => broker.plan(digest)).toThrow(code('JOB_NOT_FOUND'))
    expect(fixture.store.segmentProofCount(digest)).toBe(0)
  })

  it('gives all segments of the oldest batch before the next batch', async () => {
    await planned(2)
    await broker.enqueue(requestOf(2))
    expect(['a', 'b', 'c'].map((agent) => leaseNow(agent).batchNumber)).toEqual([1n, 1n, 2n])
  })

  it('takes a plan and each segment once', async () => {
    await broker.enqueue(requestOf(1))
    const { token } = leaseNow('a')
    broker.split({ plan: planOf(2), token })
    const first = leaseNow('a')
    broker.split({ plan: planOf(2), token })
    expect(await broker.job(digest)).toMatchObject({ status: 'segmented' })
    finish(first)
    finish(first)
    const done = whenSettled()
    finish(leaseNow('b'))
    await done
    finish(first)
    broker.split({ plan: planOf(2), token })
    expect(fixture.settled).toEqual([digest])
    expect(await broker.result(digest)).toMatchObject({ provingMs: 210 })
  })

  it('takes a plan without a lease while nobody has one, and from nobody else while somebody has', async () => {
    await broker.enqueue(requestOf(1))
    const { token } = leaseNow('slow')
    fixture.clock.now += testBrokerOptions.leaseMs
    await broker.job(digest)
    fixture.clock.now += testBrokerOptions.backoffMs
    leaseNow('fast')
    expect(() => broker.split({ plan: planOf(2), token })).toThrow(code('LEASE_LOST'))
    broker = fixture.restart()
    broker.split({ plan: planOf(2), token })
    expect(await broker.job(digest)).toMatchObject({ status: 'segmented' })
  })

  it('refuses a plan for another program', async () => {
    await broker.enqueue(requestOf(1))
    const plan = planOf(2, { programId: digestOf(7) })
    expect(() => broker.split({ plan, token: leaseNow('a').token })).toThrow(code('PROOF_REJECTED'))
  })

  it('refuses a segment that was made by another plan', async () => {
    await planned(2)
    const { token } = leaseNow('a')
    broker.fail({ digest, token, kind: 'plan-rejected', reason: 'another root' })
    expect(await broker.job(digest)).toMatchObject({ status: 'waiting', lastError: 'another root' })
    fixture.clock.now += testBrokerOptions.backoffMs
    broker.split({ plan: planOf(2, { bytes: Uint8Array.of(8, 8) }), token: leaseNow('a').token })
    expect(() => broker.completeSegment({ digest, segment: 0, planId, proof: segmentProof(0) })).toThrow(code('PLAN_OUTDATED'))
    expect(() => broker.completeSegment({ digest, segment: 2, planId, proof: segmentProof(2) })).toThrow(code('PLAN_OUTDATED'))
    expect(fixture.store.segmentProofCount(digest)).toBe(0)
  })

  it('gives a segment to another agent when its lease expires, and takes either result once', async () => {
    await planned(2)
    const late = leaseNow('slow')
    finish(leaseNow('b'))
    fixture.clock.now += testBrokerOptions.leaseMs
    await broker.job(digest)
    fixture.clock.now += testBrokerOptions.backoffMs
    const again = leaseNow('fast')
    expect(again.segment?.index).toBe(0)
    const done = whenSettled()
    finish(late)
    finish(again)
    await done
    expect(fixture.settled).toEqual([digest])
    expect(await broker.result(digest)).toMatchObject({ provingMs: 210 })
  })

  it('goes on after a restart with the segments that are there', async () => {
    await planned(3)
    finish(leaseNow('a'))
    const held = leaseNow('b')
    broker = fixture.restart()
    expect(leaseNow('c').segment?.index).toBe(1)
    finish(held)
    const done = whenSettled()
    finish(leaseNow('d'))
    await done
    expect(fixture.settled).toEqual([digest])
  })

  it('is put together after a restart when the broker died before', async () => {
    await planned(2)
    fixture.verifyProof = () => new Promise(() => undefined)
    finish(leaseNow('a'))
    finish(leaseNow('b'))
    fixture.verifyProof = async () => true
    broker = fixture.restart()
    await whenSettled()
    expect(await broker.result(digest)).toMatchObject({ segments: 2 })
  })

  it('is planned anew when its segments do not verify together', async () => {
    fixture.verifyProof = async () => false
    await planned(2)
    finish(leaseNow('a'))
    finish(leaseNow('b'))
    await expect.poll(async () => (await broker.job(digest))?.status).toBe('waiting')
    expect(await broker.job(digest)).toMatchObject({ lastError: 'the proofs of its segments do not make one that verifies' })
    expect(fixture.store.plan(digest)).toBeUndefined()
    fixture.clock.now += testBrokerOptions.backoffMs
    expect(leaseNow('a').segment).toBeNull()
  })

  it('is set aside with the reason when one segment fails for good', async () => {
    await planned(2)
    const other = leaseNow('other')
    for (let failure = 0; failure < testBrokerOptions.maxFailures; failure++) {
      const { token, segment } = leaseNow('a')
      expect(segment?.index).toBe(1)
      broker.heartbeat({ digest, token: other.token })
      broker.fail({ digest, token, kind: 'failed', reason: 'out of memory' })
      fixture.clock.now += 1_000
    }
    expect(await broker.job(digest)).toMatchObject({ status: 'failed', lastError: 'segment 1: out of memory' })
    expect(fixture.settled).toEqual([digest])
    expect(() => broker.heartbeat({ digest, token: other.token })).toThrow(code('LEASE_LOST'))
    expect(() => finish(other)).toThrow(code('PLAN_OUTDATED'))
    await broker.enqueue(requestOf(1))
    expect(leaseNow('b').segment).toBeNull()
  })

  it('settles once when the leases of all its segments run out for the last time together', async () => {
    await planned(2)
    for (let failure = 0; failure < testBrokerOptions.maxFailures; failure++) {
      leaseNow('a')
      leaseNow('b')
      fixture.clock.now += testBrokerOptions.leaseMs
      await broker.job(digest)
      fixture.clock.now += 1_000
    }
    expect(await broker.job(digest)).toMatchObject({ status: 'failed' })
    expect(fixture.settled).toEqual([digest])
    expect(broker.lease('c')).toBeUndefined()
  })

  it('is dropped when the job is cancelled, also while it is verified', async () => {
    await planned(2)
    const leases = [leaseNow('a'), leaseNow('b')]
    const verifying = Promise.withResolvers<boolean>()
    fixture.verifyProof = () => verifying.promise
    for (const lease of leases) finish(lease)
    await broker.cancel(digest)
    verifying.resolve(true)
    await verifying.promise
    expect(await broker.job(digest)).toMatchObject({ status: 'cancelled' })
    expect(await broker.result(digest)).toBeUndefined()
    expect(() => finish(leases[0] as Lease)).toThrow(code('JOB_CANCELLED'))
    expect(fixture.settled).toEqual([])
  })

  it('shows what its agents are at', async () => {
    await broker.enqueue(requestOf(1))
    const { token } = leaseNow('planner')
    fixture.clock.now += 5
    expect(broker.progress()).toMatchObject([{ phase: 'starting', agent: 'planner', batchNumber: 1n, durationMs: 5 }])
    broker.heartbeat({ digest, token, step: { phase: 'commit', cycles: 7, segment: 1, segments: 2 } })
    expect(broker.progress()).toMatchObject([{ phase: 'commit', cycles: 7, segment: 1, segments: 2 }])
    broker.split({ plan: planOf(2), token })
    expect(broker.progress()).toEqual([])
    const [first] = [leaseNow('a'), leaseNow('b')]
    broker.heartbeat({ digest, token: first.token, step: { phase: 'bus', cycles: 7, segment: null, segments: null } })
    expect(broker.progress()).toMatchObject([
      { phase: 'bus', segment: 0, segments: 2, agent: 'a' },
      { phase: 'starting', segment: 1, segments: 2, agent: 'b' },
    ])
  })

  it('forgets a proof that is not needed any more, and makes it again when asked', async () => {
    await planned(2)
    await broker.forget(digest)
    expect(await broker.job(digest)).toMatchObject({ status: 'segmented' })
    const done = whenSettled()
    finish(leaseNow('a'))
    finish(leaseNow('b'))
    await done
    await broker.forget(digest)
    expect(await broker.result(digest)).toBeUndefined()
    await broker.enqueue(requestOf(1))
    expect(await broker.job(digest)).toMatchObject({ status: 'waiting' })
  })
})
