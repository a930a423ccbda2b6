import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DevnetError, type Hex, type ProofJobStatus } from '../../core/index.ts'
import { type BrokerFixture, createBrokerFixture, digestOf, proofOf, requestOf, testBrokerOptions } from '../testing/broker-fixture.ts'
import type { FailureKind } from './lease.ts'

type Action =
  | { readonly do: 'enqueue' | 'cancel'; readonly job: number }
  | { readonly do: 'lease'; readonly agent: string }
  | { readonly do: 'restart' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'heartbeat'; readonly token: number }
  | { readonly do: 'complete'; readonly token: number; readonly isRight: boolean }
  | { readonly do: 'fail'; readonly token: number; readonly kind: FailureKind }

const job = fc.nat({ max: 3 })
const token = fc.nat({ max: 20 })
const actions: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constantFrom('enqueue' as const, 'enqueue' as const, 'cancel' as const), job }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lease' as const), agent: fc.constantFrom('a', 'b', 'c', 'd') }) },
  fc.record({ do: fc.constant('restart' as const) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 99, 100, 150, 5_000, 9_999, 10_000) }),
  fc.record({ do: fc.constant('heartbeat' as const), token }),
  fc.record({ do: fc.constant('complete' as const), token, isRight: fc.boolean() }),
  fc.record({
    do: fc.constant('fail' as const),
    token,
    kind: fc.constantFrom('failed' as const, 'invalid-input' as const, 'handed-back' as const),
  }),
)

interface ModelJob {
  status: ProofJobStatus
  failures: number
  attempts: number
  token: string | undefined
  agent: string | undefined
  until: number
}

/** The rules again, over plain objects. */
class Model {
  readonly jobs = new Map<number, ModelJob>()
  readonly tokens: { readonly job: number; readonly token: string }[] = []
  readonly settled: Hex[] = []
  now = 0

  expire(): void {
    for (const [index, job] of [...this.jobs].sort(([a], [b]) => a - b)) {
      if (job.status === 'leased' && job.until <= this.now) this.failAttempt(index, job)
    }
  }

  failAttempt(index: number, job: ModelJob): void {
    job.failures++
    if (job.failures >= testBrokerOptions.maxFailures) this.settle(index, job, 'failed')
    else Object.assign(job, { status: 'waiting', token: undefined, until: this.now + (job.failures === 1 ? 100 : 150) })
  }

  settle(index: number, job: ModelJob, status: 'done' | 'failed'): void {
    Object.assign(job, { status, token: undefined })
    this.settled.push(digestOf(index))
  }
}

/** Applies an action to both; each says whether it was refused. */
async function step(action: Action, model: Model, fixture: BrokerFixture): Promise<[boolean, boolean]> {
  const isRefused = async (work: () => Promise<void> | void): Promise<boolean> => {
    try {
      await work()
      return false
    } catch (error) {
      if (error instanceof DevnetError) return true
      throw error
    }
  }
  const { broker } = fixture
  switch (action.do) {
    case 'enqueue': {
      await broker.enqueue(requestOf(action.job))
      const known = model.jobs.get(action.job)
      if (known === undefined || known.status === 'failed' || known.status === 'cancelled') {
        model.jobs.set(action.job, {
          status: 'waiting',
          failures: 0,
          attempts: known?.attempts ?? 0,
          token: undefined,
          agent: undefined,
          until: model.now,
        })
      }
      return [false, false]
    }
    case 'cancel': {
      await broker.cancel(digestOf(action.job))
      const known = model.jobs.get(action.job)
      if (known && known.status !== 'done') Object.assign(known, { status: 'cancelled', token: undefined })
      return [false, false]
    }
    case 'lease': {
      model.expire()
      for (const [index, job] of [...model.jobs].sort(([a], [b]) => a - b)) {
        if (job.token !== undefined && job.agent === action.agent) model.failAttempt(index, job)
      }
      const lease = broker.lease(action.agent)
      const next = [...model.jobs].sort(([a], [b]) => a - b).find(([, { status, until }]) => status === 'waiting' && until <= model.now)
      expect(lease?.digest).toBe(next && digestOf(next[0]))
      if (!lease || !next) return [false, false]
      expect(model.tokens.map((known) => known.token)).not.toContain(lease.token)
      const [index, job] = next
      Object.assign(job, {
        status: 'leased',
        token: lease.token,
        agent: action.agent,
        until: model.now + testBrokerOptions.leaseMs,
        attempts: job.attempts + 1,
      })
      model.tokens.push({ job: index, token: lease.token })
      return [false, false]
    }
    case 'restart': {
      fixture.restart()
      for (const job of model.jobs.values())
        if (job.status === 'leased') Object.assign(job, { status: 'waiting', token: undefined, until: model.now })
      return [false, false]
    }
    case 'wait': {
      fixture.clock.now += action.ms
      model.now += action.ms
      return [false, false]
    }
  }
  const held = model.tokens[action.token % Math.max(1, model.tokens.length)]
  if (held === undefined) return [false, false]
  const job = model.jobs.get(held.job)
  if (job === undefined) throw new Error('a lease without a job')
  const at = { digest: digestOf(held.job), token: held.token }
  switch (action.do) {
    case 'heartbeat': {
      model.expire()
      const isHeld = job.token === held.token
      if (isHeld) job.until = model.now + testBrokerOptions.leaseMs
      return [await isRefused(() => broker.heartbeat(at)), !isHeld]
    }
    case 'fail': {
      model.expire()
      const isHeld = job.token === held.token
      const refused = await isRefused(() => broker.fail({ ...at, kind: action.kind, reason: 'test' }))
      if (isHeld && action.kind === 'handed-back') Object.assign(job, { status: 'waiting', token: undefined, until: model.now })
      if (isHeld && action.kind === 'failed') model.failAttempt(held.job, job)
      if (isHeld && action.kind === 'invalid-input') model.settle(held.job, job, 'failed')
      return [refused, !isHeld]
    }
    case 'complete': {
      const proof = proofOf(at.digest, action.isRight ? {} : { bytes: Uint8Array.of(0) })
      const before = job.status
      const refused = await isRefused(() => broker.complete({ proof, token: held.token }))
      if (before === 'cancelled') return [refused, true]
      if (before === 'done') return [refused, false]
      if (action.isRight) model.settle(held.job, job, 'done')
      else if (job.token === held.token) model.failAttempt(held.job, job)
      return [refused, !action.isRight]
    }
  }
}

describe('ProofBroker, any sequence of events', () => {
  it('agrees with the model', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(actions, { maxLength: 60 }), async (sequence) => {
        const model = new Model()
        const fixture = createBrokerFixture()
        try {
          for (const action of sequence) {
            const [refused, expected] = await step(action, model, fixture)
            expect(refused).toBe(expected)
          }
          model.expire()
          for (const [index, { status, attempts }] of model.jobs) {
            const digest = digestOf(index)
            expect(await fixture.broker.job(digest)).toMatchObject({ status, attempts })
            expect(await fixture.broker.result(digest)).toEqual(status === 'done' ? proofOf(digest) : undefined)
            const isKept = status === 'waiting' || status === 'leased' || status === 'failed'
            expect(fixture.store.input(digest)).toEqual(isKept ? Buffer.from([index]) : undefined)
          }
          expect(fixture.settled).toEqual(model.settled)
        } finally {
          fixture.database.close()
        }
      }),
      { numRuns: 300 },
    )
  })
})
