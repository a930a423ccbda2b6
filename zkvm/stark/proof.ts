import type { Stage } from '../air/expression.ts'
import type { Extension } from '../field/extension.ts'

export const proofVersion = 3

/** Rows of a committed matrix at the query positions, ascending, and the digests that lead from them to the root. */
export interface RowOpening {
  readonly rows: readonly (readonly bigint[])[]
  readonly nodes: readonly Uint8Array[]
}

/** Of one FRI step: the values of the opened leaves that the verifier does not know from the step before, in order, and the digests. */
export interface FoldOpening {
  readonly values: readonly Extension[]
  readonly nodes: readonly Uint8Array[]
}

/** A segment's part of the header: what all segments' challenges depend on. */
export interface SegmentHeader {
  readonly logHeights: readonly number[]
  readonly mainRoot: Uint8Array
  /** What its main columns combine to at a point of its own (docs/adr/0009-segments.md); null in a proof of one segment. */
  readonly binding: Extension | null
}

/** The rest of a segment, which is checked by itself, given the header. */
export interface SegmentProof {
  readonly auxRoot: Uint8Array
  /** LogUp sum of each table, 0 where it has no interactions. */
  readonly sums: readonly Extension[]
  readonly quotientRoot: Uint8Array
  /** Values at the out-of-domain point: per stage, group, row offset and column. */
  readonly values: Readonly<Record<Stage, readonly (readonly (readonly Extension[])[])[]>>
  /** Of the two halves of the quotient. */
  readonly quotientValues: readonly Extension[]
  readonly foldRoots: readonly Uint8Array[]
  readonly finalPolynomial: readonly Extension[]
  readonly nonce: bigint
  readonly openings: Readonly<Record<Stage | 'quotient', RowOpening>>
  readonly folds: readonly FoldOpening[]
}

export interface Proof {
  /** One for each segment, in order; the header. */
  readonly headers: readonly SegmentHeader[]
  /** As many. */
  readonly segments: readonly SegmentProof[]
}
