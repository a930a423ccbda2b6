import type { Air, PublicInteraction } from '../air/air.ts'
import { maxBusWidth } from '../air/bus.ts'
import { accumulatorChallengeIndex, accumulatorChallenges, alphaIndex, betaPowerIndex, challengeCount } from '../air/challenges.ts'
import { Evaluator } from '../air/evaluate.ts'
import type { Stage } from '../air/expression.ts'
import { lagrangeAt, periodicValues } from '../air/periodic.ts'
import type { Table } from '../air/table.ts'
import type { Extension } from '../field/extension.ts'
import * as extension from '../field/extension.ts'
import * as base from '../field/goldilocks.ts'
import { assertCanonical } from './canonical.ts'
import { checkedLayout } from './checked-layout.ts'
import { bytesOfElements, bytesOfExtensions } from './encoding.ts'
import { InvalidProofError } from './errors.ts'
import { verifyFolds } from './fri-verifier.ts'
import type { Layout } from './layout.ts'
import { openRows } from './open-rows.ts'
import { foldingPlan } from './parameters.ts'
import type { Proof } from './proof.ts'
import { Transcript } from './transcript.ts'
import { type VerifyingKey, verifyingKeyDigest } from './verifying-key.ts'

const protocolName = 'zkdevnet.stark.v1'

/** Challenges after the main commitments: what expressions call by index. */
export function drawBusChallenges(transcript: Transcript): Extension[] {
  const alpha = transcript.extension()
  const beta = transcript.extension()
  const challenges = Array.from({ length: challengeCount }, () => extension.zero)
  challenges[alphaIndex] = alpha
  let power = extension.one
  for (let position = 0; position < maxBusWidth; position++) {
    power = extension.mul(power, beta)
    challenges[betaPowerIndex(position)] = power
  }
  for (const name of accumulatorChallenges) challenges[accumulatorChallengeIndex(name)] = transcript.extension()
  return challenges
}

/** What the transcript holds before the main commitment. */
export function beginTranscript(key: VerifyingKey, publicValues: readonly bigint[], logHeights: readonly number[]): Transcript {
  const transcript = new Transcript(protocolName)
  transcript.absorb(verifyingKeyDigest(key, Math.max(...logHeights)))
  transcript.absorb(bytesOfElements(publicValues))
  transcript.absorb(Uint8Array.from(logHeights))
  return transcript
}

/** Checks a proof that the AIR holds for these public values. Throws InvalidProofError, which names the check that failed. */
export function verify(key: VerifyingKey, publicValues: readonly bigint[], proof: Proof): void {
  const { air, parameters } = key
  assertCanonical(proof)
  const layout = checkedLayout(key, proof.logHeights)
  checkShape(air, layout, proof)
  const publicInteractions = checkedPublicInteractions(air, publicValues)
  const { logHeight } = layout
  const transcript = beginTranscript(key, publicValues, proof.logHeights)
  transcript.absorb(proof.mainRoot)
  const challenges = drawBusChallenges(transcript)
  transcript.absorb(proof.auxRoot)
  transcript.absorb(bytesOfExtensions(proof.sums))
  checkBusBalance(publicInteractions, proof.sums, challenges)
  const constraintChallenge = transcript.extension()
  transcript.absorb(proof.quotientRoot)
  const point = transcript.pointOutsideBase(2 ** parameters.maxLogPack)
  checkConstraints({ air, layout, proof, challenges, constraintChallenge, point })
  transcript.absorb(bytesOfExtensions(flatValues(proof)))
  const deepChallenge = transcript.extension()
  const folds = foldingPlan(parameters, logHeight)
  const foldChallenges = proof.foldRoots.map((root) => {
    transcript.absorb(root)
    return transcript.extension()
  })
  transcript.absorb(bytesOfExtensions(proof.finalPolynomial))
  transcript.absorb(bytesOfElements([proof.nonce]))
  if (leadingZeroBits(transcript.state) < parameters.grindingBits)
    throw new InvalidProofError('grinding', 'the nonce is not the result of the work that it stands for')
  const logDomain = logHeight + parameters.logBlowup
  const positions = transcript.distinctIndices(parameters.queries, logDomain)
  const values = openRows({ key, layout, proof, positions, point, deepChallenge })
  verifyFolds({ parameters, logDomain, folds, proof, foldChallenges, positions, values })
}

/** All out-of-domain values in the order in which the transcript takes them. */
export function flatValues({ values, quotientValues }: Pick<Proof, 'values' | 'quotientValues'>): Extension[] {
  return [...values.fixed.flat(2), ...values.main.flat(2), ...values.aux.flat(2), ...quotientValues]
}

/** Every vector has exactly the length that heights and parameters give. */
function checkShape(air: Air, layout: Layout, proof: Proof): void {
  const refuse = (): never => {
    throw new InvalidProofError('encoding', 'a list has the wrong length')
  }
  if (proof.sums.length !== air.tables.length || proof.quotientValues.length !== 2) refuse()
  air.tables.forEach((table, index) => {
    if (table.quotients.length === 0 && !extension.equals(proof.sums[index] ?? extension.one, extension.zero)) refuse()
  })
  for (const stage of ['fixed', 'main', 'aux'] as const) {
    const groups = layout.groups[stage]
    const values = proof.values[stage]
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

function checkBusBalance(interactions: readonly PublicInteraction[], sums: readonly Extension[], challenges: readonly Extension[]): void {
  let total = sums.reduce(extension.add, extension.zero)
  for (const { bus, multiplicity, tuple } of interactions) {
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

/** The constraints at the out-of-domain point equal the zerofier times the quotient. */
function checkConstraints({
  air,
  layout,
  proof,
  challenges,
  constraintChallenge,
  point,
}: {
  readonly air: Air
  readonly layout: Layout
  readonly proof: Proof
  readonly challenges: readonly Extension[]
  readonly constraintChallenge: Extension
  readonly point: Extension
}): void {
  const zerofier = extension.sub(extension.power(point, 1n << BigInt(layout.logHeight)), extension.one)
  const opened = columnValues(layout, proof)
  let weight = extension.one
  let sum = extension.zero
  air.tables.forEach((table, tableIndex) => {
    const logHeight = layout.logHeights[tableIndex] ?? 0
    const selectors = selectorsAt(layout.logHeight - logHeight, logHeight, point, zerofier)
    const sumPerRow = extension.scale(proof.sums[tableIndex] ?? extension.zero, base.inverse(1n << BigInt(logHeight)))
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
  const [low = extension.zero, high = extension.zero] = proof.quotientValues
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

function columnValues(layout: Layout, proof: Proof): (stage: Stage, table: number, index: number, offset: number) => Extension {
  const values = new Map<string, Extension>()
  for (const stage of ['fixed', 'main', 'aux'] as const) {
    layout.groups[stage].forEach(({ columns, offsets }, group) => {
      offsets.forEach((offset, offsetIndex) => {
        columns.forEach(({ table, index }, position) => {
          values.set(`${stage}:${table}:${index}:${offset}`, proof.values[stage][group]?.[offsetIndex]?.[position] ?? extension.zero)
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

function at(values: readonly Extension[], index: number): Extension {
  const value = values[index]
  if (value === undefined) throw new RangeError(`there is no value ${index}`)
  return value
}
