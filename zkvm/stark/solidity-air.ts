import type { Air } from '../air/air.ts'
import { challengeCount } from '../air/challenges.ts'
import type { Stage } from '../air/expression.ts'
import { compileSolidity, type ProvidedNode, yulFunctions } from '../air/solidity.ts'
import type { Table } from '../air/table.ts'
import { columnCount, openedOffsets } from './layout.ts'

/** Places in the array that constraints are evaluated in; contracts/src/l1/stark/StarkVerifier.sol has the same ones. */
const places = { constraintChallenge: 0, isFirst: 1, isLast: 2, isTransition: 3, sumPerRow: 4, challenges: 5 } as const
const firstCell = places.challenges + challengeCount

/** Columns of one stage that are opened at the same rows, by table. */
interface ColumnClass {
  readonly offsets: readonly number[]
  /** Indices of the columns, ascending. */
  readonly columns: readonly (readonly number[])[]
}

interface TableProgram {
  readonly name: string
  readonly statements: readonly string[]
}

/**
 * The contract that knows an AIR: a StarkVerifier that lacks only the public interactions. A function per table evaluates its constraints.
 * Throws RangeError for an AIR with periodic columns, which the verifier does not compute yet.
 */
export function solidityOfAir(air: Air, contract: string): string {
  const classes = { fixed: classesOf(air, 'fixed'), main: classesOf(air, 'main'), aux: classesOf(air, 'aux') }
  const cells = cellPlaces(classes)
  // The halves of the quotient follow the cells.
  const firstRegister = firstCell + cells.size + 2
  const programs = air.tables.map((table, index) => compileTable(table, index, cells, firstRegister))
  const registers = Math.max(...programs.map((program) => program.registers))
  const withoutBus = air.tables.reduce((bits, table, index) => (table.quotients.length === 0 ? bits + 2 ** index : bits), 0)
  return [
    '// SPDX-License-Identifier: MIT',
    'pragma solidity ^0.8.30;',
    '',
    '// Written by scripts/gen-stark-verifiers.ts. Do not edit.',
    '',
    'import {Ext} from "../../l1/stark/Extension.sol";',
    'import {AirDescription} from "../../l1/stark/Layout.sol";',
    'import {StarkVerifier} from "../../l1/stark/StarkVerifier.sol";',
    '',
    `/// @notice The AIR "${air.name}".`,
    `abstract contract ${contract} is StarkVerifier {`,
    '    function _air() internal pure override returns (AirDescription memory) {',
    '        return AirDescription({',
    `            name: "${air.name}",`,
    `            tables: ${air.tables.length},`,
    `            cells: ${cells.size},`,
    `            classes: hex"${hexOfClasses(classes)}",`,
    `            withoutBus: ${withoutBus}`,
    '        });',
    '    }',
    '',
    '    function _registers() internal pure override returns (uint256) {',
    `        return ${registers};`,
    '    }',
    '',
    '    function _evaluate(uint256 table, Ext[] memory place, Ext sum) internal pure override returns (Ext) {',
    ...programs.map(({ name }, index) => `        if (table == ${index}) return ${name}(place, sum);`),
    '        return sum;',
    '    }',
    ...programs.flatMap(functionOf),
    '}',
    '',
  ].join('\n')
}

function functionOf({ name, statements }: TableProgram): string[] {
  return [
    '',
    `    function ${name}(Ext[] memory place, Ext sum) private pure returns (Ext) {`,
    '        assembly ("memory-safe") {',
    ...yulFunctions.map((line) => `            ${line}`),
    ...statements.map((line) => `            ${line}`),
    '        }',
    '        return sum;',
    '    }',
  ]
}

function compileTable(
  table: Table,
  index: number,
  cells: ReadonlyMap<string, number>,
  firstRegister: number,
): TableProgram & { readonly registers: number } {
  if (table.periodicColumns.length > 0) throw new RangeError(`${table.name} has periodic columns`)
  const placeOf = (node: ProvidedNode): number => {
    if (node.kind === 'selector') return places[node.selector]
    if (node.kind === 'challenge') return places.challenges + node.index
    if (node.kind === 'sumPerRow') return places.sumPerRow
    const cell = node.kind === 'column' ? cells.get(cellKey(index, node.stage, node.index, node.offset)) : undefined
    if (cell === undefined) throw new RangeError(`${table.name}: a value is not opened`)
    return cell
  }
  const expressions = [...table.constraints, ...table.busConstraints].map(({ expression }) => expression).reverse()
  const options = { pool: table.pool, expressions, placeOf, challengePlace: places.constraintChallenge, firstRegister }
  return { name: `_${table.name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())}`, ...compileSolidity(options) }
}

/** In the order in which the layout has classes of one pack factor. */
function classesOf(air: Air, stage: Stage): ColumnClass[] {
  const columns = new Map<string, { readonly offsets: readonly number[]; readonly columns: number[][] }>()
  air.tables.forEach((table, tableIndex) => {
    const offsetsOf = openedOffsets(table.pool)
    for (let index = 0; index < columnCount(table, stage); index++) {
      const offsets = offsetsOf.get(`${stage}${index}`) ?? [0]
      const entry = columns.get(offsets.join()) ?? { offsets, columns: air.tables.map(() => []) }
      entry.columns[tableIndex]?.push(index)
      columns.set(offsets.join(), entry)
    }
  })
  return [...columns.keys()].sort().flatMap((key) => columns.get(key) ?? [])
}

/** Where the values of columns stand: by stage, class, table, column and row. */
function cellPlaces(classes: Readonly<Record<Stage, readonly ColumnClass[]>>): ReadonlyMap<string, number> {
  const cells = new Map<string, number>()
  for (const stage of ['fixed', 'main', 'aux'] as const) {
    for (const { offsets, columns } of classes[stage]) {
      columns.forEach((indices, table) => {
        for (const index of indices) for (const offset of offsets) cells.set(cellKey(table, stage, index, offset), firstCell + cells.size)
      })
    }
  }
  return cells
}

function cellKey(table: number, stage: Stage, index: number, offset: number): string {
  return `${table}:${stage}:${index}:${offset}`
}

function hexOfClasses(classes: Readonly<Record<Stage, readonly ColumnClass[]>>): string {
  const numbers = (['fixed', 'main', 'aux'] as const).flatMap((stage) => [
    classes[stage].length,
    ...classes[stage].flatMap(({ offsets, columns }) => [offsets.length, ...offsets, ...columns.map(({ length }) => length)]),
  ])
  if (numbers.some((number) => number > 255)) throw new RangeError('a class of columns has a number of more than a byte')
  return Buffer.from(numbers).toString('hex')
}
