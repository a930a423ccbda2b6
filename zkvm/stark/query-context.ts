import type { Extension } from '../field/extension.ts'
import * as extension from '../field/extension.ts'
import { type Layout, widthOf } from './layout.ts'
import { deepWeight, openingPoint } from './open-rows.ts'
import type { SegmentProof } from './proof.ts'
import type { VerifiedSegment } from './verifier.ts'

/** What checks a segment's openings, besides them: what the transactions of a session share (contracts/src/l1/stark/QueryContext.sol). */
export interface QueryContext {
  readonly runId: Uint8Array
  readonly segment: number
  readonly logDomain: number
  /** Of the stages fixed, main, aux and quotient; zeros where there is no column. */
  readonly roots: readonly Uint8Array[]
  readonly proof: SegmentProof
  readonly verified: VerifiedSegment
}

/** Consecutive groups of one stage, pack factor and rows. */
interface Family {
  readonly stage: number
  readonly logPack: number
  readonly offsets: readonly number[]
  groups: number
}

interface Divisor {
  readonly logPack: number
  readonly offset: number
  /** Number of the row in its groups, on which its weight depends. */
  readonly row: number
  /** Without the row's weight. */
  readonly claims: Extension[]
}

/**
 * Words of 32 bytes: run, segment, log of the domain's size, sum, challenge of the combination, groups, challenge of the binding (0 without one); then arrays, each behind its length:
 * roots, positions, FRI roots, FRI challenges, final polynomial, families, roots of the divisors, and the claims of each divisor. A family is
 * stage (8 bits from the lowest on), groups (24), number of rows (8), divisor of each row (8 each); an element of the extension is
 * c0·2^128 + c1·2^64 + c2. A divisor is one of a pack factor, a row offset and the row's number, on which the weight of what it divides depends;
 * claims are without that weight.
 */
export function encodeQueryContext(context: QueryContext): Uint8Array {
  const { proof, verified } = context
  const { layout, point, binding } = verified
  const { families, divisors, groups } = combinationOf(context)
  const writer = new WordWriter()
  writer.bytes(context.runId)
  writer.number(BigInt(context.segment))
  writer.number(BigInt(context.logDomain))
  writer.number(wordOf(verified.sum))
  writer.number(wordOf(verified.deepChallenge))
  writer.number(BigInt(groups))
  writer.number(wordOf(binding?.challenge ?? extension.zero))
  writer.digests(context.roots)
  writer.numbers(verified.positions.map(BigInt))
  writer.digests(proof.foldRoots)
  writer.numbers(verified.foldChallenges.map(wordOf))
  writer.numbers(proof.finalPolynomial.map(wordOf))
  writer.numbers(families.map((family) => wordOfFamily(family, divisors)))
  const roots = divisors.map(({ logPack, offset }) => openingPoint(layout, point, logPack, offset))
  writer.numbers([...roots, ...(binding === undefined ? [] : [binding.point])].map(wordOf))
  for (const { claims } of divisors) writer.numbers(claims.map(wordOf))
  if (binding !== undefined)
    writer.numbers([wordOf(extension.mul(deepWeight(verified.deepChallenge, groups, groups - 1, 0), binding.value))])
  return writer.finish()
}

function combinationOf({ proof: { values, quotientValues }, verified: { layout, deepChallenge, binding } }: QueryContext): {
  readonly families: readonly Family[]
  readonly divisors: readonly Divisor[]
  readonly groups: number
} {
  const stages = (['fixed', 'main', 'aux'] as const).flatMap((stage, number) =>
    layout.groups[stage].map(({ logPack, offsets }, index) => ({ stage: number, logPack, offsets, values: values[stage][index] ?? [] })),
  )
  const halves = quotientValues.map((value) => ({ stage: 3, logPack: 0, offsets: [0], values: [[value]] }))
  const opened = [...stages, ...halves]
  const groups = opened.length + (binding === undefined ? 0 : 1)
  const families: Family[] = []
  const divisors: Divisor[] = []
  opened.forEach(({ stage, logPack, offsets, values: claimed }, index) => {
    const last = families.at(-1)
    if (last !== undefined && last.stage === stage && last.logPack === logPack && last.offsets.join() === offsets.join()) last.groups++
    else families.push({ stage, logPack, offsets, groups: 1 })
    offsets.forEach((offset, row) => {
      const weight = deepWeight(deepChallenge, groups, index, 0)
      const { claims } = divisorOf(divisors, { logPack, offset, row })
      claimed[row]?.forEach((value, j) => {
        claims[j] = extension.add(claims[j] ?? extension.zero, extension.mul(weight, value))
      })
    })
  })
  return { families, divisors, groups }
}

/** Adds the divisor where there is none yet. */
function divisorOf(divisors: Divisor[], { logPack, offset, row }: Omit<Divisor, 'claims'>): Divisor {
  const found = divisors.find((divisor) => divisor.logPack === logPack && divisor.offset === offset && divisor.row === row)
  if (found !== undefined) return found
  const divisor = { logPack, offset, row, claims: Array.from({ length: 2 ** logPack }, () => extension.zero) }
  divisors.push(divisor)
  return divisor
}

function wordOfFamily({ stage, logPack, offsets, groups }: Family, divisors: readonly Divisor[]): bigint {
  const indices = offsets.map((offset, row) =>
    divisors.findIndex((divisor) => divisor.logPack === logPack && divisor.offset === offset && divisor.row === row),
  )
  return indices.reduce(
    (word, index, row) => word | (BigInt(index) << BigInt(40 + 8 * row)),
    BigInt(stage) | (BigInt(groups) << 8n) | (BigInt(offsets.length) << 32n),
  )
}

/** Bytes of a row of each stage. */
export function rowBytesOf({ groups }: Layout): readonly number[] {
  const columns = (['fixed', 'main', 'aux'] as const).map((stage) => groups[stage].length * widthOf(stage))
  return [...columns, 2 * widthOf('aux')].map((count) => 8 * count)
}

function wordOf([c0, c1, c2]: Extension): bigint {
  return (c0 << 128n) | (c1 << 64n) | c2
}

class WordWriter {
  readonly #words: Uint8Array[] = []

  number(value: bigint): void {
    const word = new Uint8Array(32)
    const view = new DataView(word.buffer)
    for (let index = 0; index < 4; index++) view.setBigUint64(8 * index, (value >> BigInt(64 * (3 - index))) & 0xffff_ffff_ffff_ffffn)
    this.#words.push(word)
  }

  numbers(values: readonly bigint[]): void {
    this.number(BigInt(values.length))
    for (const value of values) this.number(value)
  }

  bytes(word: Uint8Array): void {
    this.#words.push(word)
  }

  digests(digests: readonly Uint8Array[]): void {
    this.number(BigInt(digests.length))
    this.#words.push(...digests)
  }

  finish(): Uint8Array {
    const joined = new Uint8Array(32 * this.#words.length)
    this.#words.forEach((word, index) => {
      joined.set(word, 32 * index)
    })
    return joined
  }
}
