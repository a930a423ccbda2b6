import { keccak256 } from '../../core/index.ts'
import type { Extension } from '../field/extension.ts'
import { evaluationDomain, foldedDomain } from './domain.ts'
import { bytesOfElements, bytesOfExtensions, concat } from './encoding.ts'
import { fillLeaves, foldLeaves } from './fri-verifier.ts'
import { hashLeaf, missingNodes, nodesOfOpening } from './merkle.ts'
import type { SegmentProof } from './proof.ts'
import { decodeProof, encodeHeaders, encodePrefix } from './proof-codec.ts'
import { encodeQueryContext, type QueryContext, rowBytesOf } from './query-context.ts'
import { encodeStatement, type Statement } from './statement.ts'
import { type CheckedHeader, checkBalance, checkHeader, type VerifiedSegment, verifySegment } from './verifier.ts'
import type { VerifyingKey } from './verifying-key.ts'

/** A proof as transactions to a verifier on L1 (contracts/src/l1/stark/IStarkVerifier.sol). */
export interface StarkSession {
  readonly statement: Statement
  /** What the proof begins with, for all of its segments. */
  readonly header: Uint8Array
  readonly segments: readonly SegmentSession[]
}

export interface SegmentSession {
  /** The first transaction: the segment's proof up to the nonce, and the openings at the first `count` queries. */
  readonly begin: { readonly proof: Uint8Array; readonly count: number }
  /** What the others share; its hash names the session. */
  readonly context: Uint8Array
  readonly runs: readonly QueryRun[]
}

/** Openings at consecutive query positions. */
export interface QueryRun {
  readonly from: number
  readonly count: number
  readonly openings: Uint8Array
}

export interface CutOptions {
  readonly key: VerifyingKey
  readonly publicValues: readonly bigint[]
  readonly bytes: Uint8Array
  readonly maxBytes: number
}

/**
 * Cuts a proof into parts of which none, with all that its transaction carries besides, has more than `maxBytes` bytes. Verifies it on the
 * way: throws InvalidProofError for what L1 would refuse.
 */
export function cutSession(options: CutOptions): StarkSession {
  const { session, checked, sums } = cutSegments(options)
  checkBalance(checked, sums)
  return session
}

/** Does not look whether the segments balance, which L1 does last. */
export function cutSegments({ key, publicValues, bytes, maxBytes }: CutOptions): {
  readonly session: StarkSession
  readonly checked: CheckedHeader
  readonly sums: readonly Extension[]
} {
  const statement = encodeStatement(key, publicValues)
  const { headers, segments } = decodeProof(bytes, key)
  const header = encodeHeaders(headers)
  const checked = checkHeader(key, publicValues, headers)
  const verified = segments.map((segment, index) => verifySegment(checked, index, segment))
  const runId = runIdOf(statement, header)
  const shared = statement.key.length + statement.publicValues.length + header.length
  const cut = verified.map((segment, index) => cutSegment(contextOf(checked, segments, segment, index, runId), key, shared, maxBytes))
  return { session: { statement, header, segments: cut }, checked, sums: verified.map(({ sum }) => sum) }
}

/** The name of a run on L1. */
export function runIdOf({ key, publicValues }: Statement, header: Uint8Array): Uint8Array {
  return keccak256(concat(keccak256(key), keccak256(publicValues), keccak256(header)))
}

function contextOf(
  { key, headers }: CheckedHeader,
  segments: readonly SegmentProof[],
  verified: VerifiedSegment,
  segment: number,
  runId: Uint8Array,
): QueryContext {
  const proof = segments[segment]
  const mainRoot = headers[segment]?.mainRoot
  if (proof === undefined || mainRoot === undefined) throw new RangeError(`the proof has no segment ${segment}`)
  const { logHeight } = verified.layout
  const roots = [key.fixedRoots.get(logHeight) ?? new Uint8Array(32), mainRoot, proof.auxRoot, proof.quotientRoot]
  return { runId, segment, logDomain: logHeight + key.parameters.logBlowup, roots, proof, verified }
}

/** `shared` counts the bytes that the first transaction has besides the segment's own. */
function cutSegment(context: QueryContext, key: VerifyingKey, shared: number, maxBytes: number): SegmentSession {
  const openings = new SegmentOpenings(key, context)
  const encodedContext = encodeQueryContext(context)
  const prefix = encodePrefix(context.proof)
  const first = openings.fill(0, maxBytes - callOverhead - shared - prefix.length)
  const runs: QueryRun[] = []
  let next = first.count
  while (next < context.verified.positions.length) {
    const run = openings.fill(next, maxBytes - callOverhead - encodedContext.length)
    if (run.count === 0) throw new RangeError(`${maxBytes} bytes are not enough for a query of this proof`)
    runs.push(run)
    next += run.count
  }
  return { begin: { proof: concat(prefix, first.openings), count: first.count }, context: encodedContext, runs }
}

/** Selector, offsets, lengths and padding of the longest call. */
const callOverhead = 4 + 32 * 16

interface Tree {
  readonly log: number
  readonly levels: readonly ReadonlyMap<number, Uint8Array>[]
}

/** All that a proof opens, to be opened again in parts: digests that one part lacks may follow from the others. */
class SegmentOpenings {
  readonly #positions: readonly number[]
  readonly #logFold: number
  /** Of each stage; none where there are no columns. */
  readonly #rows: readonly (readonly Uint8Array[])[]
  readonly #rowTrees: readonly (Tree | undefined)[]
  /** Of each folding step. */
  readonly #leaves: readonly ReadonlyMap<number, readonly Extension[]>[]
  readonly #foldTrees: readonly Tree[]

  constructor(key: VerifyingKey, { proof, verified: { layout, positions, foldChallenges, values } }: QueryContext) {
    const { logFold, logBlowup } = key.parameters
    this.#positions = positions
    this.#logFold = logFold
    const log = layout.logHeight + logBlowup
    const widths = rowBytesOf(layout)
    const stages = (['fixed', 'main', 'aux', 'quotient'] as const).map((stage) => proof.openings[stage])
    this.#rows = stages.map(({ rows }) => rows.map(bytesOfElements))
    this.#rowTrees = stages.map(({ rows, nodes }, stage) =>
      widths[stage] === 0 ? undefined : treeOf(positions, rows.map(hashLeaf), nodes, log),
    )
    let known = new Map(positions.map((position, index): [number, Extension] => [position, values[index] ?? [0n, 0n, 0n]]))
    let domain = evaluationDomain(log)
    const leavesOfSteps: ReadonlyMap<number, readonly Extension[]>[] = []
    this.#foldTrees = proof.folds.map(({ values: given, nodes }, step) => {
      const leaves = fillLeaves(known, given, logFold)
      leavesOfSteps.push(leaves)
      known = foldLeaves(domain, leaves, foldChallenges[step] ?? [0n, 0n, 0n], logFold)
      domain = foldedDomain(domain, logFold)
      const digests = [...leaves.values()].map((leaf) => hashLeaf(leaf.flat()))
      return treeOf([...leaves.keys()], digests, nodes, domain.log)
    })
    this.#leaves = leavesOfSteps
  }

  /** The longest run from a query on that has at most so many bytes. */
  fill(from: number, maxBytes: number): QueryRun {
    let best: QueryRun = { from, count: 0, openings: new Uint8Array() }
    let tooMany = this.#positions.length - from + 1
    while (best.count + 1 < tooMany) {
      const count = (best.count + tooMany) >>> 1
      const openings = this.#encode(this.#positions.slice(from, from + count))
      if (openings.length <= maxBytes) best = { from, count, openings }
      else tooMany = count
    }
    return best
  }

  #encode(positions: readonly number[]): Uint8Array {
    const first = this.#positions.indexOf(positions[0] ?? 0)
    const rows = this.#rows.flatMap((stage, index) => {
      const tree = this.#rowTrees[index]
      return [...stage.slice(first, first + positions.length), ...(tree === undefined ? [bytesOfCount(0)] : nodesFor(tree, positions))]
    })
    let known = positions
    const folds = this.#leaves.flatMap((leaves, step) => {
      const knownHere = new Set(known)
      const indices = [...new Set(known.map((position) => position >>> this.#logFold))]
      const given = indices.flatMap((leaf) =>
        (leaves.get(leaf) ?? []).filter((_, slot) => !knownHere.has(leaf * 2 ** this.#logFold + slot)),
      )
      known = indices
      return [bytesOfCount(given.length), bytesOfExtensions(given), ...nodesFor(this.#foldTrees[step], indices)]
    })
    return concat(...rows, ...folds)
  }
}

function treeOf(indices: readonly number[], digests: readonly Uint8Array[], nodes: readonly Uint8Array[], log: number): Tree {
  return { log, levels: nodesOfOpening({ indices, digests, nodes, log }) }
}

/** Their number, and the nodes that lead from these leaves to the root. */
function nodesFor(tree: Tree | undefined, indices: readonly number[]): Uint8Array[] {
  const nodes = missingNodes(indices, tree?.log ?? 0).map(({ level, index }) => tree?.levels[level]?.get(index) ?? new Uint8Array(32))
  return [bytesOfCount(nodes.length), ...nodes]
}

function bytesOfCount(count: number): Uint8Array {
  return Uint8Array.of(count >>> 8, count & 0xff)
}
