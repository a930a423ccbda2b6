import type { Air } from '../air/air.ts'
import { maxConstraintDegree, type Table } from '../air/table.ts'
import { degree as extensionDegree } from '../field/extension.ts'
import { modulus } from '../field/goldilocks.ts'
import { type Layout, layOut } from './layout.ts'
import { foldingPlan, maxSegments, type StarkParameters } from './parameters.ts'

/*
 * What a proof is worth, from theorems alone. Each round of the protocol has an error: the chance that a statement which was false before the
 * verifier's message looks true after it. With Fiat–Shamir a cheater may try a round again and again, so the proof has as many bits as
 * its weakest round (round-by-round soundness, ePrint 2019/1020 and 2023/1071); grinding makes a try at the last round dearer.
 *
 * Of the segments of a run, each has a transcript of its own after the header's. A hash that a cheater computes belongs to one of them, by the header's state and
 * the segment's index at its beginning, so it is a try at one round of one segment: a round is not worth less for being there in many. Only
 * what all segments share, the buses, has a term that grows with their number.
 *
 * Until it is opened, a commitment stands for each of a list of words that are near to it, and buses would have to be counted for every choice of one
 * word for each segment: as many as no field has elements. So each segment of several is first bound to one word of its list.
 *
 * Low-degree testing is taken up to the Johnson bound, with the proximity gap of ePrint 2025/2055 (Theorems 1.5 and 4.2). Nothing is
 * conjectured: conjectures on what lies beyond that bound, log2(blowup) bits a query among them, have been refuted.
 */

export type SoundnessTermName =
  /** A word that is far from all codewords passes the checks at the query positions. */
  | 'query'
  /** Folding brings a word that is far from all codewords near to one. */
  | 'fold'
  /** So does the combination of all openings. */
  | 'batching'
  /** Violated constraints cancel in their combination. */
  | 'constraints'
  /** Polynomials that differ agree at the out-of-domain point. */
  | 'out-of-domain'
  /** Buses that do not balance have fingerprints that do, or a fingerprint is 0. */
  | 'bus'
  /** Two words near a commitment to a segment's main columns combine to the same value at the binding's point. */
  | 'binding'
  /** A collision of the hash. */
  | 'hash'

export interface SoundnessTerm {
  readonly name: SoundnessTermName
  readonly bits: number
}

export interface Soundness {
  readonly terms: readonly SoundnessTerm[]
  /** Of the weakest term. */
  readonly bits: number
  /** The m at which it is largest: queries find words farther than 1 − √ρ·(1 + 1/2m) from the code. */
  readonly gapParameter: number
}

/** Digests have 256 bits, and collisions take the root of as many tries. */
const hashBits = 128

const maxGapParameter = 2000

const log2OfField = extensionDegree * Math.log2(Number(modulus))

/** What the terms depend on. */
export interface SoundnessCounts {
  readonly logHeight: number
  /** Weights of the combination that FRI tests are the powers of a challenge below this one. */
  readonly batchingPowers: number
  readonly constraints: number
  /** Terms of the LogUp sums of a segment, each row's and the verifier's, and of accumulators. */
  readonly busTerms: number
  /** Of a fingerprint, in the challenges after the main commitment. */
  readonly fingerprintDegree: number
}

/** The soundness of proofs whose tables have these heights. */
export function soundnessOf({
  air,
  logHeights,
  parameters,
}: {
  readonly air: Air
  readonly logHeights: readonly number[]
  readonly parameters: StarkParameters
}): Soundness {
  return soundnessOfCounts(countsOf(air, layOut(air, logHeights, parameters)), parameters)
}

export function soundnessOfCounts(counts: SoundnessCounts, parameters: StarkParameters): Soundness {
  let best: Soundness | undefined
  for (let m = 3; m <= maxGapParameter; m++) {
    const terms = termsFor(counts, parameters, m)
    const bits = Math.min(...terms.map((term) => term.bits))
    if (best === undefined || bits > best.bits) best = { terms, bits, gapParameter: m }
  }
  if (best === undefined) throw new RangeError('there is no gap parameter')
  return best
}

/** More than an AIR's public values can be. */
const publicTerms = 1024

function countsOf(air: Air, { logHeight, logHeights, groups }: Layout): SoundnessCounts {
  const opened = [...groups.fixed, ...groups.main, ...groups.aux]
  const quotientHalves = 2
  const mostOffsets = Math.max(...opened.map(({ offsets }) => offsets.length))
  const rowsOf = (index: number): number => 2 ** (logHeights[index] ?? 0)
  return {
    logHeight,
    // open-rows.ts: challenge^(group + offset · number of groups).
    batchingPowers: (opened.length + quotientHalves) * mostOffsets,
    constraints: air.tables.reduce((sum, { constraints, busConstraints }) => sum + constraints.length + busConstraints.length, 0),
    // What an accumulator shows to be 0 on a row is one more equation between fingerprints.
    busTerms: air.tables.reduce(
      (sum, { interactions, accumulators }, index) => sum + (interactions.length + accumulators.length) * rowsOf(index),
      publicTerms,
    ),
    fingerprintDegree: Math.max(...air.tables.map((table, index) => fingerprintDegree(table, rowsOf(index)))),
  }
}

/** In the bus challenges it is a tuple's width; an element that was accumulated may have had a term of degree 3 added, or be multiplied, on each row. */
function fingerprintDegree({ interactions, accumulators, periodicColumns }: Table, rows: number): number {
  const width = Math.max(1, ...interactions.map(({ bus }) => bus.width))
  if (accumulators.length === 0) return width
  const exponents = periodicColumns.flatMap((column) => (column.kind === 'powers' ? column.exponents : []))
  return width + maxConstraintDegree * Math.max(1, ...exponents) * rows
}

function termsFor(
  counts: SoundnessCounts,
  { logBlowup, queries, grindingBits, logFold, maxLogPack, ...rest }: StarkParameters,
  m: number,
): SoundnessTerm[] {
  const height = 2 ** counts.logHeight
  const pack = 2 ** maxLogPack
  // What is tested are quotients by X^t − y. That they have low degree shows as much of the committed polynomials but for t coefficients.
  const rate = (height + pack) / (height * 2 ** logBlowup)
  const agreement = Math.sqrt(rate) * (1 + 1 / (2 * m))
  // Johnson: (1 − √ρ − η)-close codewords are at most 1 / (2·η·√ρ), here with η = √ρ / 2m. Interleaved codes are codes over an extension.
  const logList = Math.log2(m / rate)
  const { steps } = foldingPlan({ logBlowup, queries, grindingBits, logFold, maxLogPack, ...rest }, counts.logHeight)
  const gap = (logDomain: number): number => Math.log2(exceptions(rate, m, 2 ** logDomain))
  const logDomain = counts.logHeight + logBlowup
  return [
    { name: 'query', bits: queries * -Math.log2(agreement) + grindingBits },
    // Along a curve of degree d there are d times as many exceptions as on a line; the first step has the largest domain.
    { name: 'fold', bits: steps === 0 ? Number.POSITIVE_INFINITY : log2OfField - gap(logDomain) - Math.log2(2 ** logFold - 1) },
    { name: 'batching', bits: log2OfField - gap(logDomain) - Math.log2(counts.batchingPowers) },
    { name: 'constraints', bits: log2OfField - logList - Math.log2(counts.constraints) },
    { name: 'out-of-domain', bits: log2OfField - logList - Math.log2(maxConstraintDegree * (height + pack)) },
    { name: 'bus', bits: log2OfField - logList - Math.log2(maxSegments * counts.busTerms * (counts.fingerprintDegree + 1)) },
    // For each pair of the list: polynomials of degree N in the point, combined by powers of a challenge.
    { name: 'binding', bits: log2OfField - (2 * logList - 1) - Math.log2(height + counts.batchingPowers) },
    { name: 'hash', bits: hashBits },
  ]
}

/**
 * Points of a line that may be close to the code though the line is not (BCHKS25, eq. 1). Theorem 1.5 has the multiplicity ⌈√ρ / 2η⌉, which is m; Theorem 4.2,
 * from which it follows, √ρ / η: the worse of the two is taken.
 */
function exceptions(rate: number, m: number, domain: number): number {
  const multiplicity = 2 * m + 0.5
  const radius = 1 - Math.sqrt(rate) * (1 + 1 / (2 * m))
  return ((2 * multiplicity ** 5 + 3 * multiplicity * radius * rate) / (3 * rate ** 1.5)) * domain + multiplicity / Math.sqrt(rate)
}
