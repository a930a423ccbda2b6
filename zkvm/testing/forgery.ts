import { ForgedRun } from './forged-run.ts'
import { everythingInput, everythingProgram } from './programs.ts'

/** The run that is forged. Its tables have padding. */
export const honest = ForgedRun.of({ program: everythingProgram(), input: everythingInput, maxLogPack: 9 })
export const halt = honest.rowWhere('cpu', 'isHalt')

/** Where it cheats, how, and the tags and buses that notice, all of them. */
export type Forgery = readonly [
  string,
  (run: ForgedRun) => unknown,
  { readonly tags: readonly string[]; readonly buses: readonly string[] },
]

/** The tags and buses that notice a forgery, when the cheater has counted lookups anew. */
export function noticed(forge: (run: ForgedRun) => unknown): { readonly tags: readonly string[]; readonly buses: readonly string[] } {
  const run = honest.copy()
  forge(run)
  const { tags, buses } = run.settle().problems()
  return { tags, buses }
}

export function first(rows: readonly number[]): number {
  const [row] = rows
  if (row === undefined) throw new RangeError('the program has no such row')
  return row
}

export function setPublic(run: ForgedRun, index: number, value: bigint): void {
  run.publicValues[index] = value
}
