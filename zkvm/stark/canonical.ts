import { type Extension, isExtension } from '../field/extension.ts'
import { isElement } from '../field/goldilocks.ts'
import { InvalidProofError } from './errors.ts'
import type { SegmentHeader, SegmentProof } from './proof.ts'

const digestBytes = 32
const maxNonce = 2n ** 64n - 1n

/*
 * Every element is canonical and every digest has its length. Hashes take the lowest 64 bits of an element, and arithmetic takes it modulo the prime:
 * with others, one committed row would stand for as many values as a cheater likes. Decoded proofs are canonical already; `verify` does not
 * rely on where a proof comes from.
 */
export function assertCanonicalHeaders(headers: readonly SegmentHeader[]): void {
  if (!headers.every(isCanonicalHeader)) refuse()
}

export function assertCanonicalSegment(segment: SegmentProof): void {
  if (!isCanonicalSegment(segment)) refuse()
}

function refuse(): never {
  throw new InvalidProofError('encoding', 'a number or a digest of it is not in canonical form')
}

function isCanonicalHeader({ logHeights, mainRoot, binding }: SegmentHeader): boolean {
  return (
    logHeights.every((log) => Number.isInteger(log) && log >= 0 && log < 64) &&
    mainRoot.length === digestBytes &&
    (binding === null || isExtension(binding))
  )
}

function isCanonicalSegment(segment: SegmentProof): boolean {
  const { auxRoot, quotientRoot, sums, values, quotientValues, foldRoots, finalPolynomial, nonce, openings, folds } = segment
  const rowOpenings = Object.values(openings)
  const digests = [auxRoot, quotientRoot, ...foldRoots, ...[...rowOpenings, ...folds].flatMap(({ nodes }) => nodes)]
  const extensions: readonly (readonly Extension[])[] = [
    sums,
    ...Object.values(values).flatMap((stage) => stage.flat()),
    quotientValues,
    finalPolynomial,
    ...folds.map((fold) => fold.values),
  ]
  return (
    digests.every((digest) => digest.length === digestBytes) &&
    extensions.every((list) => list.every(isExtension)) &&
    rowOpenings.every(({ rows }) => rows.every((row) => row.every(isElement))) &&
    nonce >= 0n &&
    nonce <= maxNonce
  )
}
