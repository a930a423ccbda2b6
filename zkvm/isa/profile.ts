import type { Program } from './elf.ts'

export interface ProfileEntry {
  /** Function, or `?` for code that no symbol covers. */
  readonly symbol: string
  /** Instructions executed in it, not in what it calls. */
  readonly cycles: number
}

/** The functions that took most cycles, first the most expensive one; `counts` says how often each entry of the code was executed. */
export function toProfile(program: Program, counts: Float64Array, top: number): ProfileEntry[] {
  const bySymbol = new Map<string, number>()
  counts.forEach((count, index) => {
    if (count === 0) return
    const symbol = program.symbols.at(program.code.base + 4 * index) ?? '?'
    bySymbol.set(symbol, (bySymbol.get(symbol) ?? 0) + count)
  })
  return [...bySymbol]
    .map(([symbol, cycles]) => ({ symbol, cycles }))
    .sort((a, b) => b.cycles - a.cycles || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, top)
}
