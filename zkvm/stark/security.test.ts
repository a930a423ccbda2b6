import { describe, expect, it } from 'vitest'
import { machineAir } from '../tables/machine/machine-air.ts'
import { defaultParameters, type StarkParameters } from './parameters.ts'
import { type Soundness, type SoundnessTermName, soundnessOf, soundnessOfCounts } from './security.ts'
import { fibonacciAir } from './testing/fibonacci-air.ts'
import { rotationAir } from './testing/rotation-air.ts'

/** The machine's tables, those without fixed columns as high as the tallest: more rows than any run has. */
function machineSoundness(logHeight: number, parameters: StarkParameters = defaultParameters): Soundness {
  const fixedLogHeight = defaultParameters.maxLogHeight - defaultParameters.maxLogPack
  const logHeights = machineAir.tables.map(({ fixedColumns }) => (fixedColumns.length > 0 ? fixedLogHeight : logHeight))
  return soundnessOf({ air: machineAir, logHeights, parameters })
}

function bitsOf({ terms }: Soundness, name: SoundnessTermName): number {
  return terms.find((term) => term.name === name)?.bits ?? Number.NaN
}

/** Of an AIR larger than the machine's. */
const large = { batchingPowers: 2000, constraints: 2000, busTerms: 2 ** 29, fingerprintDegree: 16 }

describe('a proof with the default parameters', () => {
  it.each([16, 17, 18, 19, 20, 21])('has 100 provable bits at 2^%d rows, with the columns that the machine has', (logHeight) => {
    const { bits, terms } = machineSoundness(logHeight)
    expect(bits).toBeGreaterThanOrEqual(100)
    expect(terms.map(({ name }) => name)).toEqual(['query', 'fold', 'batching', 'constraints', 'out-of-domain', 'bus', 'binding', 'hash'])
  })

  it('has them at every height that verifiers take', () => {
    for (let logHeight = defaultParameters.minLogHeight; logHeight <= defaultParameters.maxLogHeight; logHeight++) {
      expect(soundnessOfCounts({ logHeight, ...large }, defaultParameters).bits, `2^${logHeight}`).toBeGreaterThanOrEqual(100)
    }
  })

  it('would not have them with a query or a bit of work less at the lowest height, or with lower tables still', () => {
    const { minLogHeight, queries, grindingBits } = defaultParameters
    const bits = (parameters: Partial<StarkParameters>, logHeight = minLogHeight): number =>
      soundnessOfCounts({ logHeight, ...large }, { ...defaultParameters, ...parameters }).bits
    expect(bits({ queries: queries - 1 })).toBeLessThan(100)
    expect(bits({ grindingBits: grindingBits - 1 })).toBeLessThan(100)
    expect(bits({}, minLogHeight - 1)).toBeLessThan(100)
  })
})

describe('the terms of the soundness error', () => {
  // By hand for m = 3: ρ = (2^20 + 32) / 2^23, agreement √ρ·7/6, |F| = 2^192, multiplicity 6.5, radius 1 − √ρ·7/6.
  const counts = { logHeight: 20, batchingPowers: 512, constraints: 256, busTerms: 2 ** 25, fingerprintDegree: 7 }
  const oneQuery = { ...defaultParameters, queries: 1, grindingBits: 0 }

  it('are those of the formulas', () => {
    const soundness = soundnessOfCounts(counts, oneQuery)
    // A query is the weakest term whatever m is, so the largest m wins: √ρ alone, 1.5 bits less what packing costs.
    expect(bitsOf(soundness, 'query')).toBeCloseTo(1.5 - Math.log2(1 + 1 / 4000) - Math.log2(1 + 2 ** -15) / 2, 10)
    expect(bitsOf(soundness, 'hash')).toBe(128)
    const list = Math.log2(2000 * 8)
    expect(bitsOf(soundness, 'constraints')).toBeCloseTo(192 - list - 8, 3)
    expect(bitsOf(soundness, 'out-of-domain')).toBeCloseTo(192 - list - Math.log2(3) - 20, 3)
    // Rows of 2^8 segments.
    expect(bitsOf(soundness, 'bus')).toBeCloseTo(192 - list - 25 - 8 - 3, 3)
    expect(bitsOf(soundness, 'binding')).toBeCloseTo(192 - 2 * list + 1 - 20, 2)
    // 2·(2m)^5 / 3ρ^1.5 exceptions for each of 2^23 points; the rest of the formula is below a thousandth of a bit.
    const exceptions = Math.log2((2 * 4000.5 ** 5) / 3) + 4.5 + 23
    expect(bitsOf(soundness, 'batching')).toBeCloseTo(192 - exceptions - 9, 2)
    expect(bitsOf(soundness, 'fold')).toBeCloseTo(192 - exceptions - Math.log2(7), 2)
  })

  it('trade queries against the gap: with many queries the smallest gap parameter is not the largest', () => {
    const { gapParameter, bits, terms } = soundnessOfCounts(counts, { ...defaultParameters, queries: 80 })
    expect(gapParameter).toBeGreaterThan(3)
    expect(gapParameter).toBeLessThan(30)
    expect(bits).toBe(Math.min(...terms.map((term) => term.bits)))
  })

  it('count no more than the Johnson bound for a query, never log2(blowup)', () => {
    const { queries, grindingBits, logBlowup } = defaultParameters
    for (const logHeight of [12, 16, 21]) {
      expect(bitsOf(soundnessOfCounts({ ...counts, logHeight }, defaultParameters), 'query')).toBeLessThan(
        (queries * logBlowup) / 2 + grindingBits,
      )
    }
  })
})

describe('an AIR with accumulators', () => {
  it('has fewer bits on its buses, because the fingerprints have higher degrees, and enough of them', () => {
    const rotation = soundnessOf({ air: rotationAir, logHeights: rotationAir.tables.map(() => 17), parameters: defaultParameters })
    const sequence = soundnessOf({ air: fibonacciAir, logHeights: fibonacciAir.tables.map(() => 17), parameters: defaultParameters })
    expect(bitsOf(rotation, 'bus')).toBeLessThan(bitsOf(sequence, 'bus'))
    expect(bitsOf(rotation, 'bus')).toBeGreaterThan(120)
  })
})

describe('the time of the machine', () => {
  it('does not wrap in any table: a difference of timestamps is below 2^24, far from the prime', () => {
    expect(4 * 2 ** defaultParameters.maxLogHeight + 8).toBeLessThan(2 ** 24)
  })
})
