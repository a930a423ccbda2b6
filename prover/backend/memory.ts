import { MemoryTooSmallError } from './errors.ts'

/** GiB that a proof takes at most whose segments have 2^log rows: measured with batches (docs/prover.md), and some more. */
const gibibytesByLogHeight = [
  { logHeight: 16, gibibytes: 1 },
  { logHeight: 17, gibibytes: 1.6 },
  { logHeight: 18, gibibytes: 2.8 },
  { logHeight: 19, gibibytes: 4.2 },
  { logHeight: 20, gibibytes: 7 },
  { logHeight: 21, gibibytes: 13 },
] as const

/** Whether segments can be cut so. */
export function isSegmentLogHeight(logHeight: number): boolean {
  return gibibytesByLogHeight.some((known) => known.logHeight === logHeight)
}

/** log2 of the tallest table that fits. @throws MemoryTooSmallError where not even the smallest does */
export function logHeightFor(maxMemoryGiB: number): number {
  const fitting = gibibytesByLogHeight.findLast(({ gibibytes }) => gibibytes <= maxMemoryGiB)
  if (fitting === undefined) throw new MemoryTooSmallError({ given: maxMemoryGiB, least: gibibytesByLogHeight[0].gibibytes })
  return fitting.logHeight
}

/** @throws MemoryTooSmallError */
export function assertMemorySuffices(maxMemoryGiB: number): void {
  logHeightFor(maxMemoryGiB)
}
