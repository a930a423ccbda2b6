import type { TableValues } from '../../../air/check.ts'
import { systemFunctionByNumber } from '../../../isa/system/functions.ts'
import { integerToWords } from '../../../isa/system/integers.ts'
import type { MemoryAccess } from '../../../isa/trace.ts'
import { ByteLookups } from '../../bytes/lookups.ts'
import { heightFor } from '../../heights.ts'
import { MemoryState } from '../../memory-state.ts'
import { type Arithmetic256Operation, arithmetic256Numbers, callRows, integerWords } from '../operations.ts'
import { Arithmetic256Rows, type ExecutedArithmetic256 } from '../trace.ts'

/** An operation, and its operands: numbers, or x and y of points. */
export interface Call {
  readonly operation: Arithmetic256Operation
  readonly operands: readonly bigint[]
}

/** Where tests put the result, and the operands one after the other. */
const targetAddress = 0x10_0000
const operandAddress = 0x20_0000

/** What the machine does for a call, its operands at places of their own. Throws what it refuses. */
export function executed({ operation, operands }: Call, timestamp: number): ExecutedArithmetic256 {
  const isCurve = operation === 'add' || operation === 'double'
  const words = new Map<number, Int32Array>()
  const pointers = isCurve
    ? [targetAddress, ...(operation === 'add' ? [operandAddress] : [])]
    : [targetAddress, ...[0, 1, 2].map((index) => operandAddress + 0x40 * index)]
  if (isCurve) {
    pointers.forEach((pointer, index) => {
      const [x = 0n, y = 0n] = operands.slice(2 * index)
      words.set(pointer, Int32Array.from([...integerToWords(x, integerWords), ...integerToWords(y, integerWords)]))
    })
  } else {
    operands.forEach((operand, index) => {
      words.set(pointers[index + 1] ?? 0, integerToWords(operand, integerWords))
    })
  }
  const accesses: MemoryAccess[] = []
  const at = (address: number, length: number): Int32Array => words.get(address) ?? new Int32Array(length)
  const refused = (): never => {
    throw new RangeError('the machine refuses the call')
  }
  systemFunctionByNumber.get(arithmetic256Numbers[operation])?.run({
    arguments: pointers.concat([0, 0, 0]).slice(0, 4) as [number, number, number, number],
    read: (address, length) => {
      const before = at(address, length)
      accesses.push({ address, before, after: before })
      return before
    },
    readForUpdate: at,
    write: (address, after) => accesses.push({ address, before: at(address, after.length), after }),
    peek: refused,
    answer: refused,
    refuse: refused,
    halt: refused,
    commit: refused,
    log: refused,
    setHint: refused,
    nextHint: refused,
  })
  return { operation, timestamp, arguments: pointers, accesses }
}

/** The table of these calls, one after the other. */
export function tableOf(calls: readonly (Call | ExecutedArithmetic256)[]): TableValues {
  const rows = new Arithmetic256Rows({ registers: new MemoryState(), ram: new MemoryState(), lookups: new ByteLookups() })
  calls.forEach((call, index) => {
    rows.push('accesses' in call ? call : executed(call, 4 + 4 * index))
  })
  const { logHeight } = heightFor(Math.max(rows.rows.count, callRows))
  return { ...rows.toTrace(logHeight), fixed: new BigUint64Array() }
}
