import type { Air } from '../air/air.ts'
import type { Stage } from '../air/expression.ts'
import { degree, type Extension } from '../field/extension.ts'
import { isElement } from '../field/goldilocks.ts'
import { checkedLayout } from './checked-layout.ts'
import { concat } from './encoding.ts'
import { InvalidProofError } from './errors.ts'
import { type Layout, widthOf } from './layout.ts'
import { foldingPlan, maxSegments } from './parameters.ts'
import { type FoldOpening, type Proof, proofVersion, type RowOpening, type SegmentHeader, type SegmentProof } from './proof.ts'
import type { VerifyingKey } from './verifying-key.ts'

/*
 * Version 3, in order; integers are big-endian, elements 8 bytes, elements of the extension 24, digests 32:
 *
 *   version (1) ‖ number of segments (2) ‖ header of each segment ‖ rest of each segment
 *
 *   header: log of each table's height (1 each) ‖ main root ‖ binding (extension; not in a proof of one segment)
 *   rest:   aux root ‖ sum of each table (extension) ‖ quotient root
 *     ‖ out-of-domain values (extension): stages fixed, main, aux; within one by group, row offset, column; then the quotient's two halves
 *     ‖ FRI roots ‖ final polynomial (extension) ‖ nonce (8)
 *     ‖ openings of fixed, main, aux, quotient: the rows at the positions, ascending ‖ number of nodes (2) ‖ nodes
 *     ‖ per FRI step: number of values (2) ‖ values (extension) ‖ number of nodes (2) ‖ nodes
 *
 * All other lengths follow from the key and the heights. A stage without columns has no rows and no nodes, but its number of nodes, 0.
 */

const digestBytes = 32
const openedStages = ['fixed', 'main', 'aux', 'quotient'] as const
const stages: readonly Stage[] = ['fixed', 'main', 'aux']

export function encodeProof({ headers, segments }: Proof): Uint8Array {
  return concat(encodeHeaders(headers), ...segments.map(encodeSegment))
}

/** The beginning of a proof, up to the rest of its segments. */
export function encodeHeaders(headers: readonly SegmentHeader[]): Uint8Array {
  const writer = new Writer()
  writer.integer(proofVersion, 1)
  writer.integer(headers.length, 2)
  for (const { logHeights, mainRoot, binding } of headers) {
    for (const log of logHeights) writer.integer(log, 1)
    writer.digest(mainRoot)
    if (binding !== null) writer.extensions([binding])
  }
  return writer.bytes()
}

/** What follows the header for one segment. */
export function encodeSegment(segment: SegmentProof): Uint8Array {
  const writer = new Writer()
  writePrefix(writer, segment)
  for (const stage of openedStages) {
    const { rows, nodes } = segment.openings[stage]
    for (const row of rows) for (const element of row) writer.element(element)
    writer.digests(nodes)
  }
  for (const { values, nodes } of segment.folds) {
    writer.integer(values.length, 2)
    writer.extensions(values)
    writer.digests(nodes)
  }
  return writer.bytes()
}

/** The part of a segment that precedes its openings. */
export function encodePrefix(segment: SegmentProof): Uint8Array {
  const writer = new Writer()
  writePrefix(writer, segment)
  return writer.bytes()
}

function writePrefix(writer: Writer, segment: SegmentProof): void {
  writer.digest(segment.auxRoot)
  writer.extensions(segment.sums)
  writer.digest(segment.quotientRoot)
  for (const stage of stages) for (const atOffset of segment.values[stage].flat()) writer.extensions(atOffset)
  writer.extensions(segment.quotientValues)
  for (const root of segment.foldRoots) writer.digest(root)
  writer.extensions(segment.finalPolynomial)
  writer.element(segment.nonce)
}

/** Throws InvalidProofError for bytes that are no encoding of a proof for this key. What it returns still has to be verified. */
export function decodeProof(bytes: Uint8Array, key: VerifyingKey): Proof {
  const reader = new Reader(bytes)
  const headers = readHeaders(reader, key.air)
  const layouts = headers.map(({ logHeights }) => checkedLayout(key, logHeights))
  const segments = layouts.map((layout) => readSegment(reader, key, layout))
  reader.end()
  return { headers, segments }
}

/** The header that a proof, or only the header's bytes, begins with, before a key is known. Heights and roots may be any. */
export function decodeHeaders(bytes: Uint8Array, air: Air): SegmentHeader[] {
  return readHeaders(new Reader(bytes), air)
}

/** The rest of one segment. Throws InvalidProofError where it is none, or where the key does not allow the header's heights. */
export function decodeSegment(bytes: Uint8Array, key: VerifyingKey, { logHeights }: Pick<SegmentHeader, 'logHeights'>): SegmentProof {
  const layout = checkedLayout(key, logHeights)
  const reader = new Reader(bytes)
  const segment = readSegment(reader, key, layout)
  reader.end()
  return segment
}

function readHeaders(reader: Reader, { tables }: Air): SegmentHeader[] {
  const version = reader.integer(1)
  if (version !== proofVersion) throw new InvalidProofError('encoding', `its version is ${version}, this verifier knows ${proofVersion}`)
  const count = reader.integer(2)
  if (count === 0 || count > maxSegments)
    throw new InvalidProofError('encoding', `it has ${count} segments, 1 to ${maxSegments} are possible`)
  return Array.from({ length: count }, () => ({
    logHeights: tables.map(() => reader.integer(1)),
    mainRoot: reader.digest(),
    binding: count === 1 ? null : (reader.extensions(1)[0] ?? null),
  }))
}

function readSegment(reader: Reader, key: VerifyingKey, layout: Layout): SegmentProof {
  const folds = foldingPlan(key.parameters, layout.logHeight)
  const auxRoot = reader.digest()
  const sums = reader.extensions(key.air.tables.length)
  const quotientRoot = reader.digest()
  const [fixed = [], main = [], aux = []] = stages.map((stage) =>
    layout.groups[stage].map(({ offsets, columns }) => offsets.map(() => reader.extensions(columns.length))),
  )
  const quotientValues = reader.extensions(2)
  const foldRoots = Array.from({ length: folds.steps }, () => reader.digest())
  const finalPolynomial = reader.extensions(2 ** folds.logFinalLength)
  const nonce = reader.integer64()
  const openings = readOpenings(reader, layout, key.parameters.queries)
  const foldOpenings = foldRoots.map((): FoldOpening => ({ values: reader.extensions(reader.integer(2)), nodes: reader.digests() }))
  return {
    auxRoot,
    sums,
    quotientRoot,
    values: { fixed, main, aux },
    quotientValues,
    foldRoots,
    finalPolynomial,
    nonce,
    openings,
    folds: foldOpenings,
  }
}

function readOpenings(reader: Reader, { groups }: Layout, queries: number): SegmentProof['openings'] {
  const widths = { fixed: groups.fixed.length, main: groups.main.length, aux: groups.aux.length * widthOf('aux'), quotient: 2 * degree }
  const read = (stage: keyof typeof widths): RowOpening => {
    const width = widths[stage]
    const rows = width === 0 ? [] : Array.from({ length: queries }, () => reader.elements(width))
    return { rows, nodes: reader.digests() }
  }
  const fixed = read('fixed')
  const main = read('main')
  const aux = read('aux')
  return { fixed, main, aux, quotient: read('quotient') }
}

class Writer {
  #bytes = new Uint8Array(1 << 16)
  #length = 0

  integer(value: number, size: number): void {
    if (value < 0 || value >= 2 ** (8 * size)) throw new RangeError(`${value} does not fit into ${size} bytes`)
    const at = this.#grow(size)
    for (let index = 0; index < size; index++) this.#bytes[at + index] = value >>> (8 * (size - 1 - index))
  }

  element(value: bigint): void {
    const at = this.#grow(8)
    new DataView(this.#bytes.buffer).setBigUint64(at, value)
  }

  extensions(values: readonly Extension[]): void {
    for (const value of values) for (const coordinate of value) this.element(coordinate)
  }

  digest(digest: Uint8Array): void {
    const at = this.#grow(digestBytes)
    this.#bytes.set(digest, at)
  }

  digests(digests: readonly Uint8Array[]): void {
    this.integer(digests.length, 2)
    for (const digest of digests) this.digest(digest)
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #grow(by: number): number {
    const at = this.#length
    this.#length += by
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    return at
  }
}

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  integer(size: 1 | 2): number {
    const at = this.#take(size)
    return size === 1 ? this.#view.getUint8(at) : this.#view.getUint16(at)
  }

  integer64(): bigint {
    return this.#view.getBigUint64(this.#take(8))
  }

  element(): bigint {
    const value = this.integer64()
    if (!isElement(value)) throw new InvalidProofError('encoding', `${value} is not below the prime`)
    return value
  }

  elements(count: number): bigint[] {
    return Array.from({ length: count }, () => this.element())
  }

  extensions(count: number): Extension[] {
    return Array.from({ length: count }, (): Extension => [this.element(), this.element(), this.element()])
  }

  digest(): Uint8Array {
    const at = this.#take(digestBytes)
    return this.#bytes.slice(at, at + digestBytes)
  }

  digests(): Uint8Array[] {
    return Array.from({ length: this.integer(2) }, () => this.digest())
  }

  end(): void {
    const rest = this.#bytes.length - this.#at
    if (rest !== 0) throw new InvalidProofError('encoding', `${rest} bytes follow its end`)
  }

  #take(count: number): number {
    const at = this.#at
    this.#at += count
    if (this.#at > this.#bytes.length) throw new InvalidProofError('encoding', `it ends after ${this.#bytes.length} bytes`)
    return at
  }
}
