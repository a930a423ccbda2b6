import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Proof, ProofPlan, ProofRequest, ProvingStep, SegmentProof } from '../../core/index.ts'
import { FakeClock } from '../testing/broker-fixture.ts'
import { provenProgram, requestOfInput, smallParameters } from '../testing/proven-program.ts'
import { logHeightFor } from './memory.ts'
import { assembleStark, StarkBackend, verifyStark } from './stark.ts'
import { StarkThread } from './stark-thread.ts'

const never = new AbortController().signal
const input = new TextEncoder().encode('a batch')

let program: Awaited<ReturnType<typeof provenProgram>>
let thread: StarkThread
let backend: StarkBackend
let request: ProofRequest

beforeAll(async () => {
  program = await provenProgram()
  const { elf, description, guest, programId } = program
  thread = new StarkThread({ elf, description, parameters: smallParameters, threads: 0 })
  backend = new StarkBackend({ programId, maxMemoryGiB: 1 }, { guest, thread, clock: new FakeClock() })
  request = requestOfInput(programId, input)
}, 120_000)

afterAll(async () => {
  await thread.close()
  await program.guest.close()
})

async function prove(changes: Partial<ProofRequest> = {}, signal = never): Promise<Proof> {
  const result = await backend.prove({ ...request, ...changes }, { signal })
  if (!('type' in result)) throw new Error('a plan, not a proof')
  return result
}

describe('the STARK backend', () => {
  it('proves what the program makes of an input, for everybody to verify', async () => {
    const steps: ProvingStep[] = []
    const result = await backend.prove(request, { signal: never, onStep: (step) => steps.push(step) })
    expect(result).toMatchObject({ type: 'stark', digest: request.digest, programId: program.programId, segments: 1 })
    const proof = result as Proof
    const { programId } = program
    expect(await verifyStark({ proof, programId }, thread)).toBe(true)
    expect(steps.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(['plan', 'trace', 'key', 'commit', 'bus', 'constraints', 'out-of-domain', 'low-degree', 'openings', 'verify']),
    )
    expect(steps.every(({ cycles, phase }) => phase === 'run' || phase === 'plan' || cycles > 0)).toBe(true)

    const flipped = proof.bytes.slice()
    flipped[1_000] = (flipped[1_000] ?? 0) ^ 1
    const wrong: readonly (readonly [string, Partial<Proof>])[] = [
      ['of another digest', { digest: requestOfInput(programId, Uint8Array.of(1)).digest }],
      ['with a flipped bit', { bytes: flipped }],
      ['cut short', { bytes: proof.bytes.subarray(0, -1) }],
      ['with bytes after its end', { bytes: Uint8Array.of(...proof.bytes, 0) }],
      ['of no bytes', { bytes: new Uint8Array() }],
      ['said to be an attestation', { type: 'attested' }],
      ['of another program', { programId: request.digest }],
    ]
    for (const [, change] of wrong) expect(await verifyStark({ proof: { ...proof, ...change }, programId }, thread)).toBe(false)
  }, 120_000)

  it('does not begin to prove an input that leads to another digest', async () => {
    await expect(prove({ input: new TextEncoder().encode('another batch') })).rejects.toMatchObject({ code: 'INVALID_PROVER_INPUT' })
  })

  it('leaves a job for another program to a prover that has it', async () => {
    await expect(prove({ programId: request.digest })).rejects.toMatchObject({ code: 'PROGRAM_UNKNOWN' })
  })

  it('stops when nobody waits any more, and goes on with the next', async () => {
    const stop = new AbortController()
    const reason = new Error('cancelled')
    const proving = backend.prove(request, {
      signal: stop.signal,
      onStep: ({ phase }) => {
        if (phase === 'commit') stop.abort(reason)
      },
    })
    await expect(proving).rejects.toBe(reason)
    expect((await prove()).digest).toBe(request.digest)
  }, 120_000)

  it('refuses to prove a program that is not the one that verifiers know', async () => {
    const { elf, description, guest, programId } = program
    const fixedRoots = { ...description.fixedRoots, 16: request.digest }
    const stale = new StarkThread({ elf, description: { ...description, fixedRoots }, parameters: smallParameters, threads: 0 })
    const stalePrograms = new StarkBackend({ programId, maxMemoryGiB: 1 }, { guest, thread: stale, clock: new FakeClock() })
    await expect(stalePrograms.prove(request, { signal: never })).rejects.toMatchObject({
      code: 'BATCH_NOT_PROVABLE',
      message: expect.stringContaining('2^16 rows is not the one that verifiers know'),
      metaMessages: [expect.stringContaining('npm run build:guest')],
    })
    await stale.close()
  }, 60_000)
})

describe('a batch that does not fit into one segment', () => {
  const long = new Uint8Array(15_000).fill(7)
  let longRequest: ProofRequest
  let plan: ProofPlan
  let segments: SegmentProof[]

  beforeAll(async () => {
    longRequest = requestOfInput(program.programId, long)
    const result = await smallBackend(thread).prove(longRequest, { signal: never })
    if ('type' in result) throw new Error('a proof, not a plan')
    plan = result
  }, 120_000)

  /** With memory for tables of 2^16 rows. */
  function smallBackend(ownThread: StarkThread): StarkBackend {
    return new StarkBackend(
      { programId: program.programId, maxMemoryGiB: 1 },
      { guest: program.guest, thread: ownThread, clock: new FakeClock() },
    )
  }

  const verifies = async (parts: readonly (SegmentProof | undefined)[]): Promise<boolean> => {
    const { programId, digest } = plan
    const bytes = assembleStark(
      plan.bytes,
      parts.flatMap((part) => part?.bytes ?? []),
    )
    return verifyStark({ proof: { type: 'stark', programId, digest, bytes, provingMs: 0, segments: parts.length }, programId }, thread)
  }

  it('is planned, and its segments are proven by whoever has the plan', async () => {
    expect(plan.segments).toBe(2)
    const { elf, description } = program
    const otherThread = new StarkThread({ elf, description, parameters: smallParameters, threads: 0 })
    const backends = [
      smallBackend(thread),
      new StarkBackend(
        { programId: program.programId, maxMemoryGiB: 8 },
        { guest: program.guest, thread: otherThread, clock: new FakeClock() },
      ),
    ]
    const steps: ProvingStep[] = []
    segments = await Promise.all(
      backends.map((one, segment) =>
        one.proveSegment({ ...longRequest, plan: plan.bytes, segment }, { signal: never, onStep: (step) => steps.push(step) }),
      ),
    )
    await otherThread.close()
    expect(steps).toContainEqual(expect.objectContaining({ phase: 'constraints', segment: 1, segments: 2 }))
    expect(await verifies(segments)).toBe(true)
  }, 180_000)

  it('has no proof from segments in another order, twice the same one, or too few', async () => {
    expect(await verifies(segments.toReversed())).toBe(false)
    expect(await verifies([segments[0], segments[0]])).toBe(false)
    expect(await verifies([segments[0]])).toBe(false)
  })

  it.each<[string, (plan: Uint8Array) => Uint8Array, Uint8Array]>([
    ['of another root', (bytes) => bytes.map((byte, index) => (index === 40 ? byte ^ 1 : byte)), long],
    ['of another input', (bytes) => bytes, new Uint8Array(15_000).fill(8)],
    ['that is cut short', (bytes) => bytes.subarray(0, 20), long],
    ['of no bytes', () => new Uint8Array(), long],
  ])(
    'is not proven by a plan %s',
    async (_, change, other) => {
      const request = { ...longRequest, input: other, plan: change(plan.bytes), segment: 0 }
      await expect(smallBackend(thread).proveSegment(request, { signal: never })).rejects.toMatchObject({ code: 'PLAN_REJECTED' })
    },
    120_000,
  )

  it('is left to a prover with more memory where its segments are too tall', async () => {
    const tall = Uint8Array.of(21, ...plan.bytes.subarray(1))
    await expect(smallBackend(thread).proveSegment({ ...longRequest, plan: tall, segment: 0 }, { signal: never })).rejects.toMatchObject({
      code: 'PLAN_TOO_TALL',
      metaMessages: [expect.stringContaining('--max-memory')],
    })
  })
})

describe('memory', () => {
  it.each([
    [1, 16],
    [2, 17],
    [4, 18],
    [8, 20],
    [64, 21],
  ])('of %d GiB allows tables of 2^%d rows', (gibibytes, logHeight) => {
    expect(logHeightFor(gibibytes)).toBe(logHeight)
  })

  it('that is too small for any proof is refused with what would be enough', () => {
    expect(() => logHeightFor(0.5)).toThrow(
      expect.objectContaining({ code: 'MEMORY_TOO_SMALL', exitCode: 2, metaMessages: [expect.stringContaining('--max-memory 1')] }),
    )
  })
})
