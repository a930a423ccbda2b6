import type { Extension } from '../field/extension.ts'
import * as extension from '../field/extension.ts'
import * as base from '../field/goldilocks.ts'
import { type Domain, evaluationDomain, foldedDomain, pointAt, reverseBits } from './domain.ts'
import { InvalidProofError } from './errors.ts'
import { hashLeaf, leadsTo } from './merkle.ts'
import type { StarkParameters } from './parameters.ts'
import type { SegmentProof } from './proof.ts'

/**
 * FRI (ECCC TR17-134, with the conventions of ethSTARK, ePrint 2021/582): each step folds 2^f values of a codeword into one of the next; the last polynomial is
 * given in full. `values` are the codeword of step 0 at the query positions, which the verifier has computed itself; a leaf holds them and
 * what the proof adds, so that its digest binds both.
 */
export function verifyFolds({
  parameters: { logFold },
  logDomain,
  folds: { steps, logFinalLength },
  proof,
  foldChallenges,
  positions,
  values,
}: {
  readonly parameters: StarkParameters
  readonly logDomain: number
  readonly folds: { readonly steps: number; readonly logFinalLength: number }
  readonly proof: Pick<SegmentProof, 'folds' | 'foldRoots' | 'finalPolynomial'>
  readonly foldChallenges: readonly Extension[]
  readonly positions: readonly number[]
  readonly values: readonly Extension[]
}): void {
  if (proof.folds.length !== steps || proof.foldRoots.length !== steps || proof.finalPolynomial.length !== 2 ** logFinalLength) {
    throw new InvalidProofError('encoding', 'a list of the low-degree test has the wrong length')
  }
  let domain = evaluationDomain(logDomain)
  let known = new Map(positions.map((position, index) => [position, values[index] ?? extension.zero]))
  for (let step = 0; step < steps; step++) {
    const leaves = fillLeaves(known, proof.folds[step]?.values ?? [], logFold)
    checkLeaves(leaves, proof.folds[step]?.nodes ?? [], proof.foldRoots[step], domain.log - logFold)
    known = foldLeaves(domain, leaves, foldChallenges[step] ?? extension.zero, logFold)
    domain = foldedDomain(domain, logFold)
  }
  for (const [position, value] of known) {
    const x = pointAt(domain, position)
    const expected = proof.finalPolynomial.reduceRight((sum, c) => extension.add(extension.scale(sum, x), c), extension.zero)
    if (!extension.equals(value, expected))
      throw new InvalidProofError('final-polynomial', 'the folded values are not of a polynomial of low degree')
  }
}

/** The leaves that hold the known positions, ascending; the rest of their values comes from the proof, none left over. */
export function fillLeaves(known: ReadonlyMap<number, Extension>, given: readonly Extension[], logFold: number): Map<number, Extension[]> {
  const size = 2 ** logFold
  const leaves = new Map<number, Extension[]>()
  let next = 0
  for (const leaf of new Set([...known.keys()].map((position) => position >>> logFold))) {
    const values = Array.from({ length: size }, (_, slot) => known.get(leaf * size + slot) ?? given[next++] ?? extension.zero)
    leaves.set(leaf, values)
  }
  if (next !== given.length) throw new InvalidProofError('encoding', 'a step of the low-degree test has too few or too many values')
  return leaves
}

function checkLeaves(
  leaves: ReadonlyMap<number, readonly Extension[]>,
  nodes: readonly Uint8Array[],
  root: Uint8Array | undefined,
  log: number,
): void {
  const digests = [...leaves.values()].map((values) => hashLeaf(values.flat()))
  if (!leadsTo(root, { indices: [...leaves.keys()], digests, nodes, log })) {
    throw new InvalidProofError('fri-commitment', 'the values of a folding step are not those that were committed to')
  }
}

/** The next codeword at the indices of the leaves. */
export function foldLeaves(
  domain: Domain,
  leaves: ReadonlyMap<number, readonly Extension[]>,
  challenge: Extension,
  logFold: number,
): Map<number, Extension> {
  return new Map([...leaves].map(([index, values]) => [index, foldLeaf(domain, index, values, challenge, logFold)]))
}

/**
 * The values of a leaf are f at x·ω^r, r in bit-reversed order, where f(X) = Σ_j X^j·f_j(X^size). An inverse transform gives
 * x^j·f_j(x^size); the folded value is Σ_j challenge^j·f_j(x^size).
 */
function foldLeaf(domain: Domain, leaf: number, values: readonly Extension[], challenge: Extension, logFold: number): Extension {
  const size = 2 ** logFold
  const root = base.inverse(base.rootOfUnity(logFold))
  const x = pointAt(domain, leaf * size)
  const ratio = extension.scale(challenge, base.inverse(x))
  let folded = extension.zero
  for (let j = size - 1; j >= 0; j--) {
    let coefficient = extension.zero
    for (let slot = 0; slot < size; slot++) {
      const rotation = base.power(root, BigInt(reverseBits(slot, logFold) * j))
      coefficient = extension.add(coefficient, extension.scale(values[slot] ?? extension.zero, rotation))
    }
    folded = extension.add(extension.mul(folded, ratio), coefficient)
  }
  return extension.scale(folded, base.inverse(BigInt(size)))
}
