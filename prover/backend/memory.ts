import { MemoryTooSmallError } from './errors.ts'

/** GiB that a proof takes at most whose tallest table has 2^log rows: measured (docs/prover.md), rounded up. */
const gibibytesByLogHeight = [
  { logHeight: 16, gibibytes: 0.8 },
  { logHeight: 17, gibibytes: 1 },
  { logHeight: 18, gibibytes: 1.4 },
  { logHeight: 19, gibibytes: 2.2 },
  { logHeight: 20, gibibytes: 4 },
  { logHeight: 21, gibibytes: 7.8 },
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
