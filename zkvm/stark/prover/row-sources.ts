import type { ProgramColumn } from '../../air/compile.ts'
import { periodicValues } from '../../air/periodic.ts'
import type { Table } from '../../air/table.ts'
import type { Extension } from '../../field/extension.ts'
import { allocateWords, type Words } from '../../kernels/words.ts'
import type { RowSource } from './tasks.ts'

/** A table's values on its rows: what accumulators and LogUp columns are computed from. */
export interface TableRows {
  readonly height: number
  readonly fixed: Words | null
  readonly main: Words | null
  readonly aux: Words | null
  /** See `periodicWords`. */
  readonly periodic: Words
}

/** One period of each periodic column: three arrays a column. */
export function periodicWords({ periodicColumns, logPeriod }: Table, challenges: readonly Extension[]): Words {
  const period = 2 ** logPeriod
  const words = allocateWords(3 * periodicColumns.length * period)
  periodicColumns.forEach((column, index) => {
    periodicValues(column, challenges).forEach((value, row) => {
      value.forEach((coordinate, c) => {
        words[(3 * index + c) * period + row] = coordinate
      })
    })
  })
  return words
}

/** The sources of a program's column: one, or three where it is of the extension. */
export function rowSources(column: ProgramColumn, { height, periodic, ...stages }: TableRows, { logPeriod }: Table): RowSource[] {
  if (column.kind === 'periodic') return periodicSources(column, periodic, logPeriod)
  if (column.kind === 'selector') {
    if (column.selector === 'isTransition') throw new TypeError('isTransition is not boolean, so nothing is sent or added up by it')
    const words = allocateWords(height)
    words[column.selector === 'isFirst' ? 0 : height - 1] = 1n
    return [{ words, from: 0, offset: 0, period: height }]
  }
  const words = stages[column.stage]
  if (words === null) throw new RangeError(`the table has no ${column.stage} columns`)
  return columnSources(column, words, height)
}

export function columnSources(column: Extract<ProgramColumn, { kind: 'column' }>, words: Words, height: number): RowSource[] {
  const width = column.stage === 'aux' ? 3 : 1
  return Array.from({ length: width }, (_, c) => ({
    words,
    from: (column.index * width + c) * height,
    offset: column.offset,
    period: height,
  }))
}

export function periodicSources(
  { index, isExtension }: Extract<ProgramColumn, { kind: 'periodic' }>,
  words: Words,
  logPeriod: number,
): RowSource[] {
  const period = 2 ** logPeriod
  return Array.from({ length: isExtension ? 3 : 1 }, (_, c) => ({ words, from: (3 * index + c) * period, offset: 0, period }))
}
