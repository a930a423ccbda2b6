import type { Trace } from '../../air/air.ts'
import type { Stage } from '../../air/expression.ts'
import type { Extension } from '../../field/extension.ts'
import * as extension from '../../field/extension.ts'
import type { Words } from '../../kernels/words.ts'
import { bytesOfElements, bytesOfExtensions } from '../encoding.ts'
import { SegmentMismatchError } from '../errors.ts'
import { beginSegment, bindingPoint, boundPowers, drawRunChallenges } from '../header.ts'
import { type Layout, layOut } from '../layout.ts'
import { foldingPlan } from '../parameters.ts'
import type { Proof, SegmentHeader, SegmentProof } from '../proof.ts'
import { encodeHeaders } from '../proof-codec.ts'
import { flatValues, leadingZeroBits } from '../verifier.ts'
import { bindingValue } from './binding.ts'
import { busColumns } from './bus-columns.ts'
import { coefficientsOf, interpolate, shared } from './coefficients.ts'
import { Commitment, type StageCoefficients } from './commitment.ts'
import { deepPolynomial } from './deep.ts'
import { FoldProver } from './fold-prover.ts'
import { grind } from './grind.ts'
import type { MerkleTree } from './merkle-tree.ts'
import { outOfDomainValues } from './out-of-domain.ts'
import type { ProvingKey } from './proving-key.ts'
import { quotientPolynomial } from './quotient.ts'
import type { ProverWorkers } from './workers.ts'

/** The steps of a proof in their order, for whoever shows progress. */
const provingPhases = ['trace', 'key', 'commit', 'bus', 'constraints', 'out-of-domain', 'low-degree', 'grinding', 'openings'] as const

export type ProvingPhase = (typeof provingPhases)[number]

export interface ProvingProgress {
  readonly phase: ProvingPhase
  readonly segment: number
  readonly segments: number
}

interface ProverOptions {
  readonly key: ProvingKey
  readonly publicValues: readonly bigint[]
  readonly workers: ProverWorkers
  readonly onPhase?: (progress: ProvingProgress) => void
}

export interface ProveOptions extends ProverOptions {
  /** One per table. */
  readonly traces: readonly Trace[]
}

/** A run in segments, each with a trace per table. They are asked for one after the other, twice where there are several, and not kept. */
export interface SegmentedRun {
  readonly count: number
  traces(index: number): readonly Trace[]
  /** The traces that were asked for last are not read any more. */
  release?(traces: readonly Trace[]): void
}

export interface ProveRunOptions extends ProverOptions {
  readonly run: SegmentedRun
}

/** Proves a run of one segment, see `proveRun`. */
export function prove({ traces, ...options }: ProveOptions): Promise<Proof> {
  return proveRun({ ...options, run: { count: 1, traces: () => traces } })
}

/**
 * Proves that the traces satisfy the AIR with these public values. It does not check them: a proof of a trace that does not is
 * refused by `verify`. The bytes do not depend on the number of threads. Memory is that of one segment and of all segments' trees.
 */
export async function proveRun({ run, ...options }: ProveRunOptions): Promise<Proof> {
  const committed = await commitRun({ run, ...options })
  const segments: SegmentProof[] = []
  for (let segment = 0; segment < run.count; segment++) segments.push(await proveCommittedSegment({ ...options, run, committed, segment }))
  return { headers: committed.headers, segments }
}

/** The first pass over a run. */
export interface CommittedRun {
  /** With these, each segment can be proven by itself. */
  readonly headers: readonly SegmentHeader[]
  readonly trees: readonly MerkleTree[]
  /** The main columns of a run that has one segment, until it is proven. */
  only: MainStage | undefined
}

/** Commits to all segments of a run: what their challenges depend on. */
export async function commitRun({ run, ...options }: Omit<ProveRunOptions, 'publicValues'>): Promise<CommittedRun> {
  const headers: SegmentHeader[] = []
  const trees: MerkleTree[] = []
  let only: MainStage | undefined
  for (let segment = 0; segment < run.count; segment++) {
    const place = { segment, segments: run.count }
    const main = await commitMain({ ...options, place, run })
    headers.push(await headerOf({ ...options, main, segments: run.count }))
    trees.push(main.commitment.tree)
    if (run.count === 1) only = main
    else {
      main.release()
      await options.workers.collect()
    }
  }
  return { headers, trees, only }
}

/** Proves one segment of a run that was committed to here: its tree is not built again. */
export async function proveCommittedSegment({
  committed,
  segment,
  run,
  ...options
}: ProveRunOptions & { readonly committed: CommittedRun; readonly segment: number }): Promise<SegmentProof> {
  const { headers, trees, only } = committed
  const header = headers[segment]
  if (header === undefined) throw new RangeError(`the run has ${headers.length} segments, not a segment ${segment}`)
  const place = { segment, segments: run.count }
  // Its memory is given back: whoever asks for the segment again has it made anew.
  committed.only = undefined
  const main = only ?? (await commitMain({ ...options, place, run, tree: trees[segment] }))
  return proveCommitted({ ...options, headers, header, main, segment })
}

/**
 * Proves one segment of a run, given the header of all. Throws SegmentMismatchError where the traces are not those that the header was made of.
 */
export async function proveSegment({
  headers,
  segment,
  run,
  ...options
}: ProveRunOptions & { readonly headers: readonly SegmentHeader[]; readonly segment: number }): Promise<SegmentProof> {
  const header = headers[segment]
  if (header === undefined || run.count !== headers.length) {
    throw new SegmentMismatchError({ segment, reason: `the run has ${run.count} segments and the header ${headers.length}` })
  }
  const place = { segment, segments: headers.length }
  const main = await commitMain({ ...options, place, run })
  const own = await headerOf({ ...options, main, segments: headers.length })
  if (!Buffer.from(encodeHeaders([own])).equals(encodeHeaders([header]))) {
    throw new SegmentMismatchError({ segment, reason: 'its main columns are others' })
  }
  return proveCommitted({ ...options, headers, header, main, segment })
}

/** The main columns of a segment, committed to. */
interface MainStage {
  readonly layout: Layout
  readonly values: readonly Words[]
  readonly coefficients: StageCoefficients
  readonly commitment: Commitment
  /** Its memory may be used for something else. */
  release(): void
}

async function commitMain({
  key,
  place,
  run,
  workers,
  onPhase,
  tree,
}: Omit<ProverOptions, 'publicValues'> & {
  readonly place: { readonly segment: number; readonly segments: number }
  readonly run: SegmentedRun
  /** Of the same columns, from a pass before. */
  readonly tree?: MerkleTree | undefined
}): Promise<MainStage> {
  const { air, parameters } = key.verifyingKey
  onPhase?.({ phase: 'trace', ...place })
  const rows = run.traces(place.segment)
  const logHeights = rows.map(({ logHeight }) => logHeight)
  const layout = layOut(air, logHeights, parameters)
  if (!key.isReadyFor(layout.logHeight)) {
    onPhase?.({ phase: 'key', ...place })
    await key.prepare(layout.logHeight, workers)
  }
  onPhase?.({ phase: 'commit', ...place })
  const values = rows.map(({ main }) => shared(main))
  const coefficients = await coefficientsOf(values, logHeights, workers)
  const commitment = await Commitment.ofStage({ stage: 'main', layout, coefficients, parameters, workers, ...(tree && { tree }) })
  const release = (): void => {
    run.release?.(rows)
    giveBack(coefficients, workers)
  }
  return { layout, values, coefficients, commitment, release }
}

async function headerOf({
  key,
  main: { layout, coefficients, commitment },
  segments,
  workers,
}: {
  readonly key: ProvingKey
  readonly main: MainStage
  readonly segments: number
  readonly workers: ProverWorkers
}): Promise<SegmentHeader> {
  const { logHeights } = layout
  const committed = { logHeights, mainRoot: commitment.root }
  if (segments === 1) return { ...committed, binding: null }
  const binding = bindingPoint(key.verifyingKey, committed)
  return { ...committed, binding: await bindingValue({ layout, main: coefficients, binding, workers }) }
}

async function proveCommitted({
  key,
  publicValues,
  headers,
  header,
  main: { layout, values: mainValues, coefficients: main, commitment: mainCommitment, release },
  segment,
  workers,
  onPhase,
}: ProverOptions & {
  readonly headers: readonly SegmentHeader[]
  readonly header: SegmentHeader
  readonly main: MainStage
  readonly segment: number
}): Promise<SegmentProof> {
  const { air, parameters } = key.verifyingKey
  const { logHeight, logHeights } = layout
  const context = { layout, parameters, workers }
  const begin = (phase: ProvingPhase): void => onPhase?.({ phase, segment, segments: headers.length })
  const { transcript, challenges } = beginSegment(drawRunChallenges(key.verifyingKey, publicValues, headers), segment)
  const fixed = await key.commitment(logHeight, workers)

  begin('bus')
  const { values: aux, sums } = await busColumns({ air, logHeights, fixed: key.fixedValues, main: mainValues, challenges, workers })
  await interpolate(aux, logHeights, workers)
  const auxCommitment = await Commitment.ofStage({ ...context, stage: 'aux', coefficients: aux })
  transcript.absorb(auxCommitment.root)
  transcript.absorb(bytesOfExtensions(sums))

  begin('constraints')
  const coefficients: Record<Stage, StageCoefficients> = { fixed: key.fixedCoefficients, main, aux }
  const constraintChallenge = transcript.extension()
  const quotient = await quotientPolynomial({ air, layout, coefficients, challenges, sums, constraintChallenge, workers })
  const height = 2 ** logHeight
  const halves = [0, height].flatMap((from) => [0, 1, 2].map((c) => ({ words: quotient, from: 2 * c * height + from })))
  const quotientCommitment = await Commitment.ofPolynomials({ ...context, coefficients: halves, logHeight })
  transcript.absorb(quotientCommitment.root)

  begin('out-of-domain')
  const point = transcript.pointOutsideBase(boundPowers(parameters))
  const opened = await outOfDomainValues({ layout, coefficients, quotient, point, workers })
  transcript.absorb(bytesOfExtensions(flatValues(opened)))
  const deepChallenge = transcript.extension()
  const binding = header.binding === null ? undefined : bindingPoint(key.verifyingKey, header)
  const deep = await deepPolynomial({ layout, coefficients, quotient, point, deepChallenge, binding, workers })

  begin('low-degree')
  const folds = new FoldProver({ logDomain: logHeight + parameters.logBlowup, parameters, workers })
  const { steps } = foldingPlan(parameters, logHeight)
  let folded = deep
  for (let step = 0; step < steps; step++) {
    transcript.absorb(await folds.commit(folded))
    folded = await folds.fold(folded, transcript.extension())
  }
  const finalPolynomial = extensionsOf(folded)
  transcript.absorb(bytesOfExtensions(finalPolynomial))

  begin('grinding')
  const nonce = await grind(transcript.state, parameters.grindingBits, workers)
  transcript.absorb(bytesOfElements([nonce]))
  if (leadingZeroBits(transcript.state) < parameters.grindingBits) throw new RangeError('grinding found a nonce that is none')

  begin('openings')
  const positions = transcript.distinctIndices(parameters.queries, logHeight + parameters.logBlowup)
  const nothing = { rows: [], nodes: [] }
  const proof = {
    auxRoot: auxCommitment.root,
    sums,
    quotientRoot: quotientCommitment.root,
    ...opened,
    foldRoots: folds.roots,
    finalPolynomial,
    nonce,
    openings: {
      fixed: fixed === null ? nothing : await fixed.open(positions, workers),
      main: await mainCommitment.open(positions, workers),
      aux: layout.groups.aux.length === 0 ? nothing : await auxCommitment.open(positions, workers),
      quotient: await quotientCommitment.open(positions, workers),
    },
    folds: folds.open(positions),
  }
  giveBack(aux, workers)
  release()
  if (headers.length > 1) await workers.collect()
  return proof
}

function giveBack(words: StageCoefficients, { memory }: ProverWorkers): void {
  for (const table of words) if (table !== null) memory.give(table)
}

/** Three arrays as elements of the extension. */
function extensionsOf(words: BigUint64Array): Extension[] {
  const count = words.length / extension.degree
  return Array.from({ length: count }, (_, i) => [words[i] ?? 0n, words[count + i] ?? 0n, words[2 * count + i] ?? 0n])
}
