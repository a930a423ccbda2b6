import type { MachineTableName } from '../tables/machine/machine-air.ts'
import type { ForgedRun } from './forged-run.ts'

/** Cells that may hold anything: their table, columns, the rows on which that is so, and why it does no harm. */
export interface DontCare {
  readonly table: MachineTableName
  readonly columns: readonly string[]
  readonly on: 'padding' | ((cell: (column: string) => bigint, run: ForgedRun, row: number) => boolean)
  readonly reason: string
}

type Cell = (column: string) => bigint

const any =
  (...flags: readonly string[]) =>
  (cell: Cell): boolean =>
    flags.some((flag) => cell(flag) === 1n)

const none =
  (...flags: readonly string[]) =>
  (cell: Cell): boolean =>
    !any(...flags)(cell)

/** Flags whose sum says that a row is real. */
export const realFlags: Readonly<Partial<Record<MachineTableName, readonly string[]>>> = {
  cpu: ['add', 'sub', 'alu', 'loadStore', 'branch', 'jal', 'jalr', 'ecall'].map((name) => `is_${name}`),
  alu: ['and', 'or', 'xor', 'sll', 'srl', 'sra', 'lt', 'ltu', 'ge', 'geu', 'eq', 'ne'].map((name) => `is_${name}`),
  muldiv: ['mul', 'mulh', 'mulhsu', 'mulhu', 'div', 'divu', 'rem', 'remu'].map((name) => `is_${name}`),
  memory: ['lb', 'lh', 'lw', 'lbu', 'lhu', 'sb', 'sh', 'sw'].map((name) => `is_${name}`),
  system: ['isCommit', 'isLog', 'isRequest', 'isRead'],
  ram: ['isRegister', 'isImage', 'isInput', 'isZero', 'isContinuedRegister', 'isContinuedWord'],
}

const shifts = ['is_sll', 'is_srl', 'is_sra']
const orders = ['is_lt', 'is_ltu', 'is_ge', 'is_geu']
const equalities = ['is_eq', 'is_ne']

const access = (name: string): string[] => ['register', 'value', 'previous', 'since'].map((part) => `${name}.${part}`)

export const dontCares: readonly DontCare[] = [
  {
    table: 'cpu',
    columns: ['operation', 'immediate', 'target', ...access('rs1'), ...access('rs2'), ...access('rd'), 'rd.replaced', 'sum', 'sumLow'],
    on: 'padding',
    reason:
      'a row after the last instruction sends nothing but pc, where it is the exit; time and pc go on counting, or their constraints would need another degree',
  },
  {
    table: 'cpu',
    columns: ['carry'],
    on: none('is_add', 'is_sub', 'is_jal', 'is_loadStore', 'is_jalr'),
    reason: 'the other classes do not use the sum',
  },
  {
    table: 'cpu',
    columns: ['sum'],
    on: any('is_alu', 'is_branch', 'is_ecall'),
    reason: 'these classes do not use the sum, so it may be any number of 32 bits (that it is one is looked up on every row)',
  },
  { table: 'cpu', columns: ['isOdd'], on: none('is_jalr'), reason: 'only jalr clears a bit' },
  {
    table: 'alu',
    columns: [...['a', 'b', 'and'].flatMap((name) => [0, 1, 2, 3].map((index) => `${name}${index}`)), 'result'],
    on: 'padding',
    reason: 'the row is received by nobody',
  },
  { table: 'alu', columns: ['outcome'], on: none(...orders, ...equalities), reason: 'there is no comparison (it stays boolean)' },
  { table: 'alu', columns: ['word', 'wordLow'], on: none(...orders, ...shifts), reason: 'there is neither an order nor a shift' },
  {
    table: 'alu',
    columns: ['factor'],
    on: (cell) => none(...equalities, ...shifts)(cell) || (any(...equalities)(cell) && cell('outcome') === 1n),
    reason: 'there is no shift; an inverse of a − b matters only where a and b differ',
  },
  { table: 'alu', columns: ['complement', 'rest', 'restLow', 'boundLow'], on: none(...shifts), reason: 'there is no shift' },
  {
    table: 'muldiv',
    columns: ['aLow', 'aTop'],
    on: none('is_mulh', 'is_mulhsu', 'is_div', 'is_rem'),
    reason: 'a is not signed, so its sign is not asked for',
  },
  { table: 'muldiv', columns: ['bLow', 'bTop'], on: none('is_mulh', 'is_div', 'is_rem'), reason: 'b is not signed' },
  { table: 'muldiv', columns: ['high', 'low', 'highLow', 'lowLow'], on: 'padding', reason: 'the row is received by nobody' },
  {
    table: 'muldiv',
    columns: ['inverse'],
    on: (cell) => none(...(realFlags.muldiv ?? []))(cell) || cell('isByZero') === 1n,
    reason: 'there is nothing that must not be 0; 0 times anything is 0',
  },
  { table: 'muldiv', columns: ['boundLow'], on: none('isBounded'), reason: 'no remainder is bounded' },
  {
    table: 'muldiv',
    columns: ['isLowNonzero', 'inverseOfLow'],
    on: none('is_mulh', 'is_mulhsu'),
    reason: 'only the high part of a signed product asks whether the low one is 0',
  },
  {
    table: 'muldiv',
    columns: ['inverseOfLow'],
    on: (cell) => any('is_mulh', 'is_mulhsu')(cell) && cell('low') === 0n,
    reason: '0 times anything is 0',
  },
  { table: 'muldiv', columns: ['inverseOfMagnitude'], on: (cell) => cell('magnitude') === 0n, reason: '0 times anything is 0' },
  {
    table: 'memory',
    columns: ['address', 'stored', 'timestamp', 'previous', 'since', 'storedLow', 'storedNext'],
    on: 'padding',
    reason: 'the row is received by nobody and accesses nothing',
  },
  { table: 'memory', columns: ['top'], on: none('is_lb', 'is_lh', 'is_lbu', 'is_lhu'), reason: 'no byte is sign-extended' },
  { table: 'memory', columns: ['isNegative'], on: none('is_lb', 'is_lh'), reason: 'no byte is sign-extended' },
  {
    table: 'system',
    columns: ['argument', 'result', 'timestamp'],
    on: 'padding',
    reason: 'the row is received by nobody',
  },
  {
    table: 'system',
    columns: ['result'],
    on: (cell) => cell('isCommit') === 1n && cell('isFirstWord') === 0n,
    reason: 'the call was answered in the first row of its words',
  },
  {
    table: 'system',
    columns: ['resultLow'],
    on: none('isRead'),
    reason: 'the result is the argument, which was checked where it was made',
  },
  { table: 'system', columns: ['position', 'word', 'previous', 'since'], on: none('isCommit'), reason: 'no word is committed' },
  { table: 'ram', columns: ['address', 'initial', 'final', 'timestamp'], on: 'padding', reason: 'the row accesses nothing' },
  { table: 'ram', columns: ['stepLow'], on: none('isOrdered'), reason: 'the next row need not have a larger address' },
  {
    table: 'ram',
    columns: ['wordLow'],
    on: none('isImage', 'isInput', 'isZero'),
    reason: 'a register is no word of RAM; what comes from an earlier segment began in the first one',
  },
  { table: 'ram', columns: ['from'], on: none('isContinuedRegister', 'isContinuedWord'), reason: 'the address begins here' },
  {
    table: 'ram',
    columns: ['first', 'last', 'aboveLow', 'belowLow'],
    on: none('isInput', 'isZero'),
    reason: 'registers and words of the image lie in no region',
  },
  { table: 'ram', columns: ['initialLow'], on: none('isInput'), reason: 'only what the prover chooses has to be shown to be 32-bit' },
]

export function appliesTo({ table, columns, on }: DontCare, run: ForgedRun, column: string, row: number): boolean {
  if (!columns.includes(column)) return false
  const cell = (name: string): bigint => run.get(table, name, row)
  return on === 'padding' ? none(...(realFlags[table] ?? []))(cell) : on(cell, run, row)
}
