import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultParameters } from './parameters.ts'
import { fibonacciAir } from './testing/fibonacci-air.ts'
import { isOutsideBase, Transcript } from './transcript.ts'
import { beginTranscript } from './verifier.ts'
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

describe('the beginning of a proof’s transcript', () => {
  const key: VerifyingKey = {
    air: fibonacciAir,
    parameters: defaultParameters,
    fixedLogHeights: [null, 12],
    fixedRoots: new Map([[12, new Uint8Array(32).fill(7)]]),
  }
  const state = (
    changed: Partial<VerifyingKey> = {},
    publicValues: readonly bigint[] = [1n, 2n],
    logHeights: readonly number[] = [11, 12],
  ): string => Buffer.from(beginTranscript({ ...key, ...changed }, publicValues, logHeights).state).toString('hex')

  it('depends on every parameter', () => {
    const names = Object.keys(defaultParameters) as (keyof typeof defaultParameters)[]
    const states = names.map((name) => state({ parameters: { ...defaultParameters, [name]: defaultParameters[name] + 1 } }))
    expect(new Set([state(), ...states]).size).toBe(names.length + 1)
  })

  it('depends on the AIR, the fixed columns and their heights, the public values and all heights', () => {
    const states = [
      state({ air: { ...fibonacciAir, name: 'other' } }),
      state({ fixedLogHeights: [null, 11] }),
      state({ fixedLogHeights: [12, null] }),
      state({ fixedRoots: new Map([[12, new Uint8Array(32).fill(8)]]) }),
      state({}, [2n, 1n]),
      state({}, [1n, 3n]),
      state({}, [1n, 2n], [10, 12]),
      state({}, [1n, 2n], [12, 11]),
    ]
    expect(new Set([state(), ...states]).size).toBe(states.length + 1)
  })
})
