import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alphaIndex, localAlphaIndex, segmentIndexIndex } from '../air/challenges.ts'
import { sub, zero } from '../field/extension.ts'
import { beginSegment, bindingPoint, drawRunChallenges } from './header.ts'
import { defaultParameters } from './parameters.ts'
import type { SegmentHeader } from './proof.ts'
import { fibonacciAir } from './testing/fibonacci-air.ts'
import { isOutsideBase, Transcript } from './transcript.ts'
import type { VerifyingKey } from './verifying-key.ts'

/** Everything that a verifier draws, after each message. */
function challengesAfter(messages: readonly Uint8Array[]): string[] {
  const transcript = new Transcript('test')
  return messages.map((message) => {
    transcript.absorb(message)
    return JSON.stringify([transcript.extension(), transcript.distinctIndices(4, 20)], (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    )
  })
}

describe('a transcript', () => {
  it('changes every later challenge, and no earlier one, with any bit of any message', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        (messages, which, where, bit) => {
          const at = which % messages.length
          const changed = messages.map((message) => message.slice())
          const message = changed[at] ?? new Uint8Array(1)
          message[where % message.length] = (message[where % message.length] ?? 0) ^ (1 << bit)
          const before = challengesAfter(messages)
          const after = challengesAfter(changed)
          expect(after.slice(0, at)).toEqual(before.slice(0, at))
          for (let later = at; later < messages.length; later++) expect(after[later]).not.toBe(before[later])
        },
      ),
    )
  })

  it('is another for another protocol', () => {
    expect(new Transcript('a').extension()).not.toEqual(new Transcript('b').extension())
  })

  it('draws different indices in order, all below the bound, as often from each part of the domain', () => {
    const parts = Array.from({ length: 8 }, () => 0)
    for (let seed = 0; seed < 200; seed++) {
      const transcript = new Transcript('indices')
      transcript.absorb(Uint8Array.of(seed))
      const indices = transcript.distinctIndices(54, 11)
      expect(new Set(indices).size).toBe(54)
      expect(indices).toEqual([...indices].sort((a, b) => a - b))
      for (const index of indices) parts[index >>> 8] = (parts[index >>> 8] ?? 0) + 1
    }
    // 1350 each, standard deviation 34.
    for (const count of parts) expect(Math.abs(count - 1350)).toBeLessThan(200)
  })

  it('can draw all indices there are, and says so where there are too few', () => {
    expect(new Transcript('all').distinctIndices(8, 3)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(() => new Transcript('all').distinctIndices(9, 3)).toThrow(RangeError)
  })

  it('draws points none of whose powers up to 32 is in the base field', () => {
    const transcript = new Transcript('points')
    for (let draw = 0; draw < 20; draw++) expect(isOutsideBase(transcript.pointOutsideBase(32), 32)).toBe(true)
    expect(isOutsideBase([5n, 0n, 0n], 32)).toBe(false)
    // X³ = 2, so a power of X that is a multiple of 3 would be in the base field; powers of two are not.
    expect(isOutsideBase([0n, 1n, 0n], 32)).toBe(true)
  })
})

describe('the challenges that all segments share', () => {
  const key: VerifyingKey = {
    air: fibonacciAir,
    parameters: defaultParameters,
    fixedLogHeights: [null, 12],
    fixedRoots: new Map([[12, new Uint8Array(32).fill(7)]]),
  }
  const header: SegmentHeader = { logHeights: [11, 12], mainRoot: new Uint8Array(32).fill(1), binding: [4n, 5n, 6n] }
  const other: SegmentHeader = { ...header, mainRoot: new Uint8Array(32).fill(2) }
  const state = (
    changed: Partial<VerifyingKey> = {},
    publicValues: readonly bigint[] = [1n, 2n],
    headers: readonly SegmentHeader[] = [header, other],
  ): string => Buffer.from(drawRunChallenges({ ...key, ...changed }, publicValues, headers).state).toString('hex')

  it('depend on every parameter', () => {
    const names = Object.keys(defaultParameters) as (keyof typeof defaultParameters)[]
    const states = names.map((name) => state({ parameters: { ...defaultParameters, [name]: defaultParameters[name] + 1 } }))
    expect(new Set([state(), ...states]).size).toBe(names.length + 1)
  })

  it('depend on the AIR, the fixed columns and their heights, the public values, and all of each segment’s header', () => {
    const withFirst = (changed: Partial<SegmentHeader>) => state({}, [1n, 2n], [{ ...header, ...changed }, other])
    const withSecond = (changed: Partial<SegmentHeader>) => state({}, [1n, 2n], [header, { ...other, ...changed }])
    const states = [
      state({ air: { ...fibonacciAir, name: 'other' } }),
      state({ fixedLogHeights: [null, 11] }),
      state({ fixedLogHeights: [12, null] }),
      state({ fixedRoots: new Map([[12, new Uint8Array(32).fill(8)]]) }),
      state({}, [2n, 1n]),
      state({}, [1n, 3n]),
      state({}, [1n, 2n], [other, header]),
      state({}, [1n, 2n], [header]),
      state({}, [1n, 2n], [{ ...header, binding: null }]),
      state({}, [1n, 2n], [header, other, other]),
      ...[withFirst, withSecond].flatMap((withChange) => [
        withChange({ logHeights: [10, 12] }),
        withChange({ logHeights: [12, 11] }),
        withChange({ mainRoot: new Uint8Array(32).fill(3) }),
        withChange({ binding: [4n, 5n, 7n] }),
        withChange({ binding: [5n, 4n, 6n] }),
      ]),
    ]
    expect(new Set([state(), ...states]).size).toBe(states.length + 1)
  })

  it('are followed by another transcript and another α in each segment', () => {
    const run = drawRunChallenges(key, [1n, 2n], [header, other])
    const [first, second] = [0, 1].map((segment) => beginSegment(run, segment))
    expect(first?.transcript.state).not.toEqual(second?.transcript.state)
    const difference = sub(second?.challenges[localAlphaIndex] ?? zero, first?.challenges[localAlphaIndex] ?? zero)
    expect(difference).toEqual([256n, 0n, 0n])
    expect(second?.challenges[alphaIndex]).toEqual(first?.challenges[alphaIndex])
    expect(second?.challenges[segmentIndexIndex]).toEqual([1n, 0n, 0n])
  })

  it('come after a point of each segment that depends on nothing but its own columns', () => {
    expect(bindingPoint(key, header)).toEqual(bindingPoint(key, { ...header, binding: null } as SegmentHeader))
    const points = [header, other, { ...header, logHeights: [10, 12] }].map((own) => bindingPoint(key, own).point.join())
    expect(new Set(points).size).toBe(3)
  })
})
