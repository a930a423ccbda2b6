import type { Air, PublicInteraction } from '../air/air.ts'
import { alphaIndex, betaPowerIndex } from '../air/challenges.ts'
import { Evaluator } from '../air/evaluate.ts'
import type { Stage } from '../air/expression.ts'
import { lagrangeAt, periodicValues } from '../air/periodic.ts'
import type { Table } from '../air/table.ts'
import type { Extension } from '../field/extension.ts'
import * as extension from '../field/extension.ts'
import * as base from '../field/goldilocks.ts'
import { assertCanonicalHeaders, assertCanonicalSegment } from './canonical.ts'
import { checkedLayout } from './checked-layout.ts'
import { bytesOfElements, bytesOfExtensions } from './encoding.ts'
import { InvalidProofError } from './errors.ts'
import { verifyFolds } from './fri-verifier.ts'
import { beginSegment, bindingPoint, boundPowers, drawRunChallenges, type RunChallenges } from './header.ts'
import type { Layout } from './layout.ts'
import { type Binding, openRows } from './open-rows.ts'
import { foldingPlan, maxSegments } from './parameters.ts'
import type { Proof, SegmentHeader, SegmentProof } from './proof.ts'
import type { VerifyingKey } from './verifying-key.ts'

/** A header whose heights the key allows, with what all segments take from it. */
export interface CheckedHeader extends RunChallenges {
  readonly key: VerifyingKey
  readonly headers: readonly SegmentHeader[]
  readonly layouts: readonly Layout[]
  readonly publicInteractions: readonly PublicInteraction[]
}

/** A verified segment: what it adds to the balance, and what its openings were checked with. */
export interface VerifiedSegment {
  /** What its tables send on buses, less what they receive. */
  readonly sum: Extension
  readonly layout: Layout
  readonly point: Extension
  readonly deepChallenge: Extension
  readonly binding: Binding | undefined
  readonly foldChallenges: readonly Extension[]
  /** Ascending. */
  readonly positions: readonly number[]
  /** The combination of the opened rows at the positions. */
  readonly values: readonly Extension[]
}

/** Checks a proof that the AIR holds for these public values. Throws InvalidProofError, which names the check that failed. */
export function verify(key: VerifyingKey, publicValues: readonly bigint[], { headers, segments }: Proof): void {
  if (segments.length !== headers.length) throw new InvalidProofError('encoding', 'it has not as many segments as its header says')
  segments.forEach(assertCanonicalSegment)
  const header = checkHeader(key, publicValues, headers)
  segments.forEach((segment, index) => {
    checkShape(key.air, layoutOf(header, index), segment)
  })
  // What the sums are is shown by each segment; that they cancel is quickly seen, and refuses what is about something else.
  checkBalance(header, segments.map(sumOf))
  segments.forEach((segment, index) => {
    verifySegment(header, index, segment)
  })
}

/** The header of a proof: heights, public values, challenges. Throws InvalidProofError. */
export function checkHeader(key: VerifyingKey, publicValues: readonly bigint[], headers: readonly SegmentHeader[]): CheckedHeader {
  if (headers.length === 0 || headers.length > maxSegments) throw new InvalidProofError('encoding', `it has ${headers.length} segments`)
  assertCanonicalHeaders(headers)
  const layouts = headers.map(({ logHeights }) => checkedLayout(key, logHeights))
  // Alone, a segment needs no binding; with others, none may do without.
  if (headers.some(({ binding }) => (binding === null) !== (headers.length === 1))) {
    throw new InvalidProofError('encoding', 'a segment has no binding, or one that is of no use')
  }
  const publicInteractions = checkedPublicInteractions(key.air, publicValues)
  return { key, headers, layouts, publicInteractions, ...drawRunChallenges(key, publicValues, headers) }
}

/**
 * Checks one segment by itself: that its tables satisfy the constraints and what they send on buses, less what they receive, sums up to what this returns.
 * A run is proven once each of its segments is, and `checkBalance` has all sums. Throws InvalidProofError.
 */
export function verifySegment(header: CheckedHeader, index: number, segment: SegmentProof): VerifiedSegment {
  const { key } = header
  const { air, parameters } = key
  const layout = layoutOf(header, index)
  const own = at(header.headers, index)
  assertCanonicalSegment(segment)
  checkShape(air, layout, segment)
  const { transcript, challenges } = beginSegment(header, index)
  transcript.absorb(segment.auxRoot)
  transcript.absorb(bytesOfExtensions(segment.sums))
  const constraintChallenge = transcript.extension()
  transcript.absorb(segment.quotientRoot)
  const point = transcript.pointOutsideBase(boundPowers(parameters))
  checkConstraints({ air, layout, segment, challenges, constraintChallenge, point })
  transcript.absorb(bytesOfExtensions(flatValues(segment)))
  const deepChallenge = transcript.extension()
  const folds = foldingPlan(parameters, layout.logHeight)
  const foldChallenges = segment.foldRoots.map((root) => {
    transcript.absorb(root)
    return transcript.extension()
  })
  transcript.absorb(bytesOfExtensions(segment.finalPolynomial))
  transcript.absorb(bytesOfElements([segment.nonce]))
  if (leadingZeroBits(transcript.state) < parameters.grindingBits)
    throw new InvalidProofError('grinding', 'the nonce is not the result of the work that it stands for')
  const logDomain = layout.logHeight + parameters.logBlowup
  const positions = transcript.distinctIndices(parameters.queries, logDomain)
  const binding = own.binding === null ? undefined : { ...bindingPoint(key, own), value: own.binding }
  const values = openRows({ key, layout, mainRoot: own.mainRoot, segment, positions, point, deepChallenge, binding })
  verifyFolds({ parameters, logDomain, folds, proof: segment, foldChallenges, positions, values })
  return { sum: sumOf(segment), layout, point, deepChallenge, binding, foldChallenges, positions, values }
}

/** What all segments and the verifier send is what they receive. `sums` are of all segments in any order. Throws InvalidProofError. */
export function checkBalance({ publicInteractions, challenges }: CheckedHeader, sums: readonly Extension[]): void {
  let total = sums.reduce(extension.add, extension.zero)
  for (const { bus, multiplicity, tuple } of publicInteractions) {
    if (bus.scope !== 'run') throw new TypeError(`the verifier belongs to no segment, and ${bus.name} is a bus of one`)
    if (tuple.length !== bus.width) throw new RangeError(`${bus.name} takes ${bus.width} elements`)
    const fingerprint = tuple.reduce(
      (sum, element, position) => extension.add(sum, extension.scale(at(challenges, betaPowerIndex(position)), element)),
      extension.add(at(challenges, alphaIndex), extension.fromBase(BigInt(bus.id))),
    )
    if (extension.equals(fingerprint, extension.zero)) throw new InvalidProofError('bus-balance', 'a fingerprint is 0')
    total = extension.add(total, extension.scale(extension.inverse(fingerprint), base.toElement(multiplicity)))
  }
  if (!extension.equals(total, extension.zero)) throw new InvalidProofError('bus-balance', 'what tables send is not what they receive')
}

function sumOf({ sums }: SegmentProof): Extension {
  return sums.reduce(extension.add, extension.zero)
}

function layoutOf({ layouts }: CheckedHeader, index: number): Layout {
  return at(layouts, index)
}

/** All out-of-domain values in the order in which the transcript takes them. */
export function flatValues({ values, quotientValues }: Pick<SegmentProof, 'values' | 'quotientValues'>): Extension[] {
  return [...values.fixed.flat(2), ...values.main.flat(2), ...values.aux.flat(2), ...quotientValues]
}

/** Every vector has exactly the length that heights and parameters give. */
function checkShape(air: Air, layout: Layout, segment: SegmentProof): void {
  const refuse = (): never => {
    throw new InvalidProofError('encoding', 'a list has the wrong length')
  }
  if (segment.sums.length !== air.tables.length || segment.quotientValues.length !== 2) refuse()
  air.tables.forEach((table, index) => {
    if (table.quotients.length === 0 && !extension.equals(segment.sums[index] ?? extension.one, extension.zero)) refuse()
  })
  for (const stage of ['fixed', 'main', 'aux'] as const) {
    const groups = layout.groups[stage]
    const values = segment.values[stage]
    if (values.length !== groups.length) refuse()
    groups.forEach(({ offsets, columns }, index) => {
      const opened = values[index] ?? []
      if (opened.length !== offsets.length || opened.some((atOffset) => atOffset.length !== columns.length)) refuse()
    })
  }
}

/** An AIR refuses values that no run of it can have; whoever asks for a proof of them gets that as an answer, not as a crash. */
function checkedPublicInteractions(air: Air, publicValues: readonly bigint[]): readonly PublicInteraction[] {
  if (!publicValues.every(base.isElement)) throw new InvalidProofError('public-values', 'a public value is not below the prime')
  try {
    return air.publicInteractions(publicValues)
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidProofError('public-values', error.message)
    throw error
  }
}

/** The constraints at the out-of-domain point equal the zerofier times the quotient. */
function checkConstraints({
  air,
  layout,
  segment,
  challenges,
  constraintChallenge,
  point,
}: {
  readonly air: Air
  readonly layout: Layout
  readonly segment: SegmentProof
  readonly challenges: readonly Extension[]
  readonly constraintChallenge: Extension
  readonly point: Extension
}): void {
  const zerofier = extension.sub(extension.power(point, 1n << BigInt(layout.logHeight)), extension.one)
  const opened = columnValues(layout, segment)
  let weight = extension.one
  let sum = extension.zero
  air.tables.forEach((table, tableIndex) => {
    const logHeight = layout.logHeights[tableIndex] ?? 0
    const selectors = selectorsAt(layout.logHeight - logHeight, logHeight, point, zerofier)
    const sumPerRow = extension.scale(segment.sums[tableIndex] ?? extension.zero, base.inverse(1n << BigInt(logHeight)))
    const periodic = periodicAt(table, layout.logHeight, point, challenges)
    const evaluator = new Evaluator(table.pool, {
      column: (stage, index, offset) => opened(stage, tableIndex, index, offset),
      selector: (selector) => selectors[selector],
      periodic: (index) => at(periodic, index),
      challenge: (index) => at(challenges, index),
      sumPerRow: () => sumPerRow,
    })
    for (const { expression } of [...table.constraints, ...table.busConstraints]) {
      sum = extension.add(sum, extension.mul(weight, evaluator.evaluate(expression)))
      weight = extension.mul(weight, constraintChallenge)
    }
  })
  const [low = extension.zero, high = extension.zero] = segment.quotientValues
  const quotient = extension.add(low, extension.mul(high, extension.add(zerofier, extension.one)))
  if (!extension.equals(sum, extension.mul(quotient, zerofier))) throw new InvalidProofError('constraints', 'the constraints do not hold')
}

/** Lagrange selectors of the subgroup of 2^logHeight rows at y = point^(2^logPack); point^(2^(logPack + logHeight)) − 1 is the zerofier. */
function selectorsAt(
  logPack: number,
  logHeight: number,
  point: Extension,
  zerofier: Extension,
): Record<'isFirst' | 'isLast' | 'isTransition', Extension> {
  const y = extension.power(point, 1n << BigInt(logPack))
  const last = base.inverse(base.rootOfUnity(logHeight))
  const scaled = extension.scale(zerofier, base.inverse(1n << BigInt(logHeight)))
  const toLast = extension.sub(y, extension.fromBase(last))
  return {
    isFirst: extension.mul(scaled, extension.inverse(extension.sub(y, extension.one))),
    isLast: extension.scale(extension.mul(scaled, extension.inverse(toLast)), last),
    isTransition: toLast,
  }
}

/** Periodic columns of any table at its point: y^(n/p) is point^(N/p) whatever the table's height. */
function periodicAt(
  { periodicColumns, logPeriod }: Table,
  logHeight: number,
  point: Extension,
  challenges: readonly Extension[],
): Extension[] {
  if (periodicColumns.length === 0) return []
  const lagrange = lagrangeAt(extension.power(point, 1n << BigInt(logHeight - logPeriod)), logPeriod)
  return periodicColumns.map((column) =>
    periodicValues(column, challenges).reduce(
      (sum, value, index) => extension.add(sum, extension.mul(at(lagrange, index), value)),
      extension.zero,
    ),
  )
}

function columnValues(layout: Layout, segment: SegmentProof): (stage: Stage, table: number, index: number, offset: number) => Extension {
  const values = new Map<string, Extension>()
  for (const stage of ['fixed', 'main', 'aux'] as const) {
    layout.groups[stage].forEach(({ columns, offsets }, group) => {
      offsets.forEach((offset, offsetIndex) => {
        columns.forEach(({ table, index }, position) => {
          values.set(`${stage}:${table}:${index}:${offset}`, segment.values[stage][group]?.[offsetIndex]?.[position] ?? extension.zero)
        })
      })
    })
  }
  return (stage, table, index, offset) => {
    const value = values.get(`${stage}:${table}:${index}:${offset}`)
    if (value === undefined) throw new RangeError(`column ${index} of table ${table} is not opened at ${offset}`)
    return value
  }
}

export function leadingZeroBits(bytes: Uint8Array): number {
  let bits = 0
  for (const byte of bytes) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24
    bits += 8
  }
  return bits
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index]
  if (value === undefined) throw new RangeError(`there is no value ${index}`)
  return value
}
