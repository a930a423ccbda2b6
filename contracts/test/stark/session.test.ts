import { encodeFunctionData, parseEventLogs } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, keccak256Hex } from '../../../core/index.ts'
import { modulus } from '../../../zkvm/field/goldilocks.ts'
import { ProverWorkers } from '../../../zkvm/stark/prover/workers.ts'
import { cutSegments, cutSession, runIdOf, type StarkSession } from '../../../zkvm/stark/session.ts'
import { segmentVerifierAbi } from '../../generated/SegmentVerifier.ts'
import { chainVerifierAbi, chainVerifierBytecode } from '../../generated/testing/stark/ChainVerifier.ts'
import { type SessionCall, sessionCalls } from '../../stark-session.ts'
import { type DeployedVerifier, deployVerifier, proveChain, quickParameters, type StarkProof } from '../../testing/stark-fixture.ts'
import { createL1, type L1 } from '../l1-fixture.ts'

const contract = { abi: chainVerifierAbi, bytecode: chainVerifierBytecode }
const workers = new ProverWorkers({ threads: 0 })
const logHeights = [6, 7, 6]
let l1: L1
let proof: StarkProof
/** The same run with other numbers beside it: another proof of the same fact. */
let other: StarkProof
let session: StarkSession
let otherSession: StarkSession
let calls: readonly SessionCall[]

/** A few queries for each transaction. */
const maxBytes = 6000

beforeAll(async () => {
  l1 = await createL1()
  proof = await proveChain({ logHeights, logRange: 5 }, workers)
  other = await proveChain({ logHeights, logRange: 5, seed: 8 }, workers)
  session = cutSession({ ...proof, maxBytes })
  otherSession = cutSession({ ...other, maxBytes })
  calls = sessionCalls(session)
}, 120_000)
afterAll(() => workers.close())

const fresh = (): Promise<DeployedVerifier> => deployVerifier(l1, proof.key, contract)
const hexStatement = ({ statement }: StarkSession) => ({ key: bytesToHex(statement.key), publicValues: bytesToHex(statement.publicValues) })
const at = <T>(list: readonly T[], index: number): T => {
  const item = list[index]
  if (item === undefined) throw new RangeError(`there is no item ${index}`)
  return item
}

/** A call with other arguments than those of the session. */
function begin(
  own: StarkSession,
  segment: number,
  change: Partial<{ header: Uint8Array; proof: Uint8Array; count: number; as: number }>,
): Hex {
  const { begin: first } = at(own.segments, segment)
  const header = bytesToHex(change.header ?? own.header)
  const args = [
    hexStatement(own),
    header,
    BigInt(change.as ?? segment),
    bytesToHex(change.proof ?? first.proof),
    BigInt(change.count ?? first.count),
  ] as const
  return encodeFunctionData({ abi: chainVerifierAbi, functionName: 'begin', args })
}

function resume(
  own: StarkSession,
  segment: number,
  change: Partial<{ run: number; context: Uint8Array; from: number; count: number; openings: Uint8Array }>,
): Hex {
  const { context, runs } = at(own.segments, segment)
  const run = at(runs, change.run ?? 0)
  const args = [
    bytesToHex(change.context ?? context),
    BigInt(change.from ?? run.from),
    BigInt(change.count ?? run.count),
    bytesToHex(change.openings ?? run.openings),
  ] as const
  return encodeFunctionData({ abi: chainVerifierAbi, functionName: 'resume', args })
}

function withElement(bytes: Uint8Array, offset: number, element: bigint): Uint8Array {
  const changed = bytes.slice()
  new DataView(changed.buffer).setBigUint64(offset, element)
  return changed
}

const flipped = (bytes: Uint8Array, index: number): Uint8Array => bytes.with(index, (bytes[index] ?? 0) ^ 1)

async function isRegistered({ address }: DeployedVerifier, own = session): Promise<boolean> {
  const { publicValues } = own.statement
  const segmentVerifier = await l1.client.readContract({ address, abi: chainVerifierAbi, functionName: 'segmentVerifier' })
  const programId = await l1.client.readContract({
    address: segmentVerifier,
    abi: segmentVerifierAbi,
    functionName: 'programIdOf',
    args: [bytesToHex(own.statement.key), bytesToHex(publicValues.subarray(0, 8))],
  })
  const args = [programId, keccak256Hex(publicValues.subarray(8))] as const
  return l1.client.readContract({ address, abi: chainVerifierAbi, functionName: 'isRegistered', args })
}

describe('a session', () => {
  it('registers a fact, whatever the order of its transactions', async () => {
    expect(session.segments.every(({ runs }) => runs.length >= 2)).toBe(true)
    const begins = calls.filter(({ kind }) => kind === 'begin')
    const runs = calls.filter(({ kind }) => kind === 'resume')
    const last = at(calls, calls.length - 1)
    for (const order of [calls.slice(0, -1), [...begins.toReversed(), ...runs.toReversed()]]) {
      const verifier = await fresh()
      for (const { data } of order) await verifier.send(data)
      expect(await isRegistered(verifier)).toBe(false)
      const receipt = await verifier.send(last.data)
      expect(await isRegistered(verifier)).toBe(true)
      const [fact] = parseEventLogs({ abi: chainVerifierAbi, logs: receipt.logs, eventName: 'FactRegistered' })
      expect(fact?.args.runId).toBe(bytesToHex(runIdOf(session.statement, session.header)))
    }
  })

  it('is named by the hash of its context, and tells what it lacks', async () => {
    const verifier = await fresh()
    const { context, begin: first, runs } = at(session.segments, 1)
    const name = keccak256Hex(context)
    const missing = () =>
      l1.client.readContract({ address: verifier.address, abi: chainVerifierAbi, functionName: 'missingQueries', args: [name] })
    const all = (1n << BigInt(quickParameters.queries)) - 1n
    expect(await missing()).toEqual([false, all])
    const receipt = await verifier.send(begin(session, 1, {}))
    const [begun] = parseEventLogs({ abi: chainVerifierAbi, logs: receipt.logs, eventName: 'SegmentBegun' })
    expect(begun?.args).toMatchObject({ segment: 1n, contextHash: name })
    const left = all & ~((1n << BigInt(first.count)) - 1n)
    expect(await missing()).toEqual([true, left])
    await verifier.send(resume(session, 1, { run: 1 }))
    const { from, count } = at(runs, 1)
    expect(await missing()).toEqual([true, left & ~(((1n << BigInt(count)) - 1n) << BigInt(from))])
  })

  it('of one transaction for each segment works too', async () => {
    const verifier = await fresh()
    const whole = cutSession({ ...proof, maxBytes: 2 ** 20 })
    expect(whole.segments.every(({ runs }) => runs.length === 0)).toBe(true)
    for (const { data } of sessionCalls(whole)) await verifier.send(data)
    expect(await isRegistered(verifier)).toBe(true)
  })
})

describe('a session of which something lacks', () => {
  it('registers nothing, whichever transaction it is', async () => {
    const register = at(calls, calls.length - 1).data
    for (const left of calls.slice(0, -1)) {
      const verifier = await fresh()
      for (const call of calls.slice(0, -1)) {
        const needsLeft = left.kind === 'begin' && call.segment === left.segment
        if (call !== left && !needsLeft) await verifier.send(call.data)
      }
      expect(await verifier.verdictOf(register)).toBe('segments-missing')
    }
  }, 60_000)

  it('is not completed by the same queries twice', async () => {
    const verifier = await fresh()
    for (const call of calls.filter(({ kind, segment }) => kind === 'begin' || (kind === 'resume' && segment > 0)))
      await verifier.send(call.data)
    const run = calls.find(({ kind, segment }) => kind === 'resume' && segment === 0)
    const { length } = at(session.segments, 0).runs
    for (let times = 0; times < length; times++) await verifier.send(run?.data ?? '0x')
    expect(await verifier.verdictOf(at(calls, calls.length - 1).data)).toBe('segments-missing')
  })

  it('cannot be resumed before it has begun', async () => {
    expect(await (await fresh()).verdictOf(resume(session, 0, {}))).toBe('unknown-session')
  })
})

describe('a session that is attacked', () => {
  let verifier: DeployedVerifier
  beforeAll(async () => {
    verifier = await fresh()
    for (const { kind, data } of [...calls, ...sessionCalls(otherSession)]) if (kind === 'begin') await verifier.send(data)
  })

  it.each<[string, string, () => Hex]>([
    [
      'another word of the context',
      'unknown-session',
      () => resume(session, 0, { context: flipped(at(session.segments, 0).context, 100) }),
    ],
    ['a shorter context', 'unknown-session', () => resume(session, 0, { context: at(session.segments, 0).context.subarray(32) })],
    ['no context', 'unknown-session', () => resume(session, 0, { context: new Uint8Array() })],
    ["another segment's context", 'openings', () => resume(session, 0, { context: at(session.segments, 2).context })],
    ["another session's context", 'openings', () => resume(session, 0, { context: at(otherSession.segments, 0).context })],
    ["another session's openings", 'openings', () => resume(session, 0, { openings: at(at(otherSession.segments, 0).runs, 0).openings })],
    ['the openings of other queries', 'openings', () => resume(session, 0, { openings: at(at(session.segments, 0).runs, 1).openings })],
    ['other positions', 'openings', () => resume(session, 0, { from: at(at(session.segments, 0).runs, 0).from + 1 })],
    ['fewer positions', 'encoding', () => resume(session, 0, { count: at(at(session.segments, 0).runs, 0).count - 1 })],
    ['more positions', 'encoding', () => resume(session, 0, { count: at(at(session.segments, 0).runs, 0).count + 1 })],
    ['no positions', 'no-such-queries', () => resume(session, 0, { count: 0 })],
    ['positions past the end', 'no-such-queries', () => resume(session, 0, { from: quickParameters.queries - 1, count: 2 })],
    ['a position that overflows', 'no-such-queries', () => resume(session, 0, { from: 2 ** 52, count: 1 })],
    ['truncated openings', 'encoding', () => resume(session, 0, { openings: at(at(session.segments, 0).runs, 0).openings.slice(0, -1) })],
    [
      'an element that is no element',
      'encoding',
      () => resume(session, 0, { openings: withElement(at(at(session.segments, 0).runs, 0).openings, 0, modulus) }),
    ],
    [
      'a row that was not committed to',
      'openings',
      () => resume(session, 0, { openings: flipped(at(at(session.segments, 0).runs, 0).openings, 15) }),
    ],
    [
      "another segment's proof",
      'constraints',
      () => begin(session, 0, { proof: at(session.segments, 2).begin.proof, count: at(session.segments, 2).begin.count }),
    ],
    ['the proof for another place in the run', 'constraints', () => begin(session, 0, { as: 2 })],
    ['a segment that there is not', 'no-such-segment', () => begin(session, 0, { as: 3 })],
    ["another session's header", 'constraints', () => begin(session, 0, { header: otherSession.header })],
    ['another binding', 'constraints', () => begin(session, 0, { header: flipped(session.header, session.header.length - 1) })],
    [
      'a binding that is no element',
      'encoding',
      () => begin(session, 0, { header: withElement(session.header, session.header.length - 8, modulus) }),
    ],
    ['a header of fewer segments', 'encoding', () => begin(session, 0, { header: session.header.with(2, 2) })],
    ['a header of no segments', 'encoding', () => begin(session, 0, { header: session.header.with(2, 0) })],
    ['a header of too many segments', 'encoding', () => begin(session, 0, { header: session.header.with(1, 2) })],
    ['a longer header', 'encoding', () => begin(session, 0, { header: Uint8Array.from([...session.header, 0]) })],
    ['more queries than there are', 'no-such-queries', () => begin(session, 0, { count: quickParameters.queries + 1 })],
    ['a truncated prefix', 'encoding', () => begin(session, 0, { proof: at(session.segments, 0).begin.proof.slice(0, 200), count: 0 })],
  ])('refuses %s: %s', async (_, verdict, data) => {
    expect(await verifier.verdictOf(data())).toBe(verdict)
  })

  it('stays what it is, whatever others send of it before', async () => {
    const victim = await fresh()
    const foreign = cutSession({ ...proof, maxBytes: maxBytes + 900 })
    for (const call of sessionCalls(foreign).slice(0, -1)) await victim.send(call.data)
    // All is verified by now, in another cut. What the owner sends is accepted and changes nothing.
    for (const { data } of calls) await victim.send(data)
    expect(await isRegistered(victim)).toBe(true)
  })

  it('counts a segment once, in whatever proofs it comes', async () => {
    const victim = await fresh()
    for (const { data } of [...calls, ...calls]) await victim.send(data)
    expect(await isRegistered(victim)).toBe(true)
  })

  it('does not mix segments of two runs', async () => {
    const victim = await fresh()
    const mixed = [...calls.filter(({ segment }) => segment === 0), ...sessionCalls(otherSession).filter(({ segment }) => segment > 0)]
    for (const { kind, data } of mixed) if (kind !== 'register') await victim.send(data)
    for (const own of [session, otherSession]) {
      const data = at(sessionCalls(own), sessionCalls(own).length - 1).data
      expect(await victim.verdictOf(data)).toBe('segments-missing')
    }
  })
})

describe('what is registered', () => {
  it.each([
    ['another last number', 1],
    ['another number of segments', 2],
    ['another first number', 0],
  ])('is nothing with %s', async (_, index) => {
    const publicValues = proof.publicValues.with(index, at(proof.publicValues, index) + 1n)
    const verifier = await fresh()
    const forged = {
      ...session,
      statement: { ...session.statement, publicValues: withElement(session.statement.publicValues, 8 * index, at(publicValues, index)) },
    }
    expect(await verifier.verdictOf(at(sessionCalls(forged), 0).data)).toBe('constraints')
    for (const { kind, data } of calls) if (kind !== 'register') await verifier.send(data)
    expect(await verifier.verdictOf(at(sessionCalls(forged), calls.length - 1).data)).toBe('segments-missing')
  })

  it('is nothing for another program', async () => {
    const verifier = await fresh()
    for (const { data } of calls) await verifier.send(data)
    const key = flipped(session.statement.key, session.statement.key.length - 1)
    expect(await isRegistered(verifier, { ...session, statement: { ...session.statement, key } })).toBe(false)
  })

  it('is not what a key of another form says', async () => {
    const verifier = await fresh()
    const { key } = session.statement
    for (const wrong of [key.slice(0, -32), Uint8Array.from([...key, ...new Uint8Array(32)]), key.with(1, 200), new Uint8Array()]) {
      const forged = { ...session, statement: { ...session.statement, key: wrong } }
      expect(await verifier.verdictOf(at(sessionCalls(forged), 0).data)).toBe('key')
    }
  })

  it('is not what segments show that do not balance', async () => {
    const verifier = await fresh()
    // Proven for a last number that is not the run's: each segment is valid, the sum of all is not.
    const wrong = await proveChain({ logHeights, logRange: 5, lastNumber: 12n }, workers)
    const header = cutSegments({ ...wrong, maxBytes }).session
    for (const { kind, data } of sessionCalls(header)) if (kind !== 'register') await verifier.send(data)
    expect(await verifier.verdictOf(at(sessionCalls(header), sessionCalls(header).length - 1).data)).toBe('bus-balance')
  })
})
