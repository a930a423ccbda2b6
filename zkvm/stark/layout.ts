import type { Air } from '../air/air.ts'
import type { ExpressionPool, Stage } from '../air/expression.ts'
import type { StarkParameters } from './parameters.ts'

/** A column of the AIR. */
export interface ColumnPlace {
  readonly table: number
  readonly index: number
}

/**
 * What is committed as one polynomial of the full height: 2^logPack columns f_j of a table 2^logPack times lower, interleaved as
 * F(X) = Σ_j X^j · f_j(X^t) with t = 2^logPack. Opening F modulo X^t − z^t gives every f_j(z^t). A group may be short of columns; the rest are 0.
 */
export interface Group {
  readonly logPack: number
  readonly columns: readonly ColumnPlace[]
  /** Row offsets at which the columns are opened, ascending, 0 among them. */
  readonly offsets: readonly number[]
}

export interface Layout {
  /** Of the tallest table, which is the height of all committed polynomials. */
  readonly logHeight: number
  readonly logHeights: readonly number[]
  readonly groups: Readonly<Record<Stage, readonly Group[]>>
}

const stages: readonly Stage[] = ['fixed', 'main', 'aux']

/** Groups columns by table height and by the rows at which they are opened. Prover and verifier both derive it from the heights. */
export function layOut(air: Air, logHeights: readonly number[], { maxLogPack }: Pick<StarkParameters, 'maxLogPack'>): Layout {
  if (logHeights.length !== air.tables.length) throw new RangeError(`${logHeights.length} heights for ${air.tables.length} tables`)
  const logHeight = Math.max(...logHeights)
  const groups = { fixed: [] as Group[], main: [] as Group[], aux: [] as Group[] }
  const offsetsOf = air.tables.map((table) => openedOffsets(table.pool))
  for (const stage of stages) {
    const classes = new Map<string, { readonly logPack: number; readonly offsets: readonly number[]; readonly columns: ColumnPlace[] }>()
    air.tables.forEach((table, tableIndex) => {
      const logPack = logHeight - (logHeights[tableIndex] ?? 0)
      if (logPack > maxLogPack) throw new RangeError(`${table.name} is 2^${logPack} times lower than the tallest table`)
      for (let index = 0; index < columnCount(table, stage); index++) {
        const offsets = offsetsOf[tableIndex]?.get(`${stage}${index}`) ?? [0]
        const key = `${logPack.toString().padStart(2, '0')}:${offsets.join()}`
        const entry = classes.get(key) ?? { logPack, offsets, columns: [] }
        entry.columns.push({ table: tableIndex, index })
        classes.set(key, entry)
      }
    })
    for (const key of [...classes.keys()].sort()) {
      const entry = classes.get(key)
      if (entry === undefined) continue
      const size = 2 ** entry.logPack
      for (let at = 0; at < entry.columns.length; at += size) {
        groups[stage].push({ logPack: entry.logPack, offsets: entry.offsets, columns: entry.columns.slice(at, at + size) })
      }
    }
  }
  return { logHeight, logHeights, groups }
}

export function columnCount(table: Air['tables'][number], stage: Stage): number {
  return { fixed: table.fixedColumns.length, main: table.mainColumns.length, aux: table.auxCount }[stage]
}

/** Base-field columns of a group's commitment. */
export function widthOf(stage: Stage): number {
  return stage === 'aux' ? 3 : 1
}

/** By stage and index of a column, such as `main3`. Columns that no expression mentions are opened at their own row, too. */
export function openedOffsets(pool: ExpressionPool): Map<string, readonly number[]> {
  const found = new Map<string, Set<number>>()
  for (const node of pool.nodes) {
    if (node.kind !== 'column') continue
    const key = `${node.stage}${node.index}`
    found.set(key, (found.get(key) ?? new Set([0])).add(node.offset))
  }
  return new Map([...found].map(([key, offsets]) => [key, [...offsets].sort((a, b) => a - b)]))
}
