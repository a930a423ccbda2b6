import type { Proof, SegmentHeader, SegmentProof } from '../proof.ts'

/** A segment with its part of the header, so that a test changes the one like the other. */
export type SingleProof = SegmentHeader & SegmentProof

export function segmentOf({ headers, segments }: Proof, index = 0): SingleProof {
  const header = headers[index]
  const segment = segments[index]
  if (header === undefined || segment === undefined) throw new RangeError(`the proof has no segment ${index}`)
  return { ...header, ...segment }
}

/** The proof with another segment in its place. */
export function withSegment({ headers, segments }: Proof, changed: SingleProof, index = 0): Proof {
  const { logHeights, mainRoot, binding, ...segment } = changed
  return { headers: headers.with(index, { logHeights, mainRoot, binding }), segments: segments.with(index, segment) }
}
