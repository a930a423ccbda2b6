import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { violations } from '../../air/check.ts'
import { ByteLookups } from '../bytes/lookups.ts'
import { operations } from '../operations.ts'
import { mulDivOperations, mulDivTable } from './air.ts'
import { MulDivRows } from './trace.ts'

type Name = (typeof mulDivOperations)[number]

const edges = [0, 1, 2, 3, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffe, 0xffff_ffff]

function signed(value: number): bigint {
  return BigInt(value | 0)
}

function word(value: bigint): number {
  return Number(BigInt.asUintN(32, value))
}

/** The specification, on bigint. */
const reference: Readonly<Record<Name, (a: number, b: number) => number>> = {
  mul: (a, b) => word(BigInt(a) * BigInt(b)),
  mulh: (a, b) => word((signed(a) * signed(b)) >> 32n),
  mulhsu: (a, b) => word((signed(a) * BigInt(b)) >> 32n),
  mulhu: (a, b) => word((BigInt(a) * BigInt(b)) >> 32n),
  div: (a, b) => (b === 0 ? 0xffff_ffff : word(signed(a) / signed(b))),
  divu: (a, b) => (b === 0 ? 0xffff_ffff : Math.floor(a / b)),
  rem: (a, b) => (b === 0 ? a : word(signed(a) % signed(b))),
  remu: (a, b) => (b === 0 ? a : a % b),
}

function check(calls: readonly (readonly [Name, number, number, number])[]) {
  const rows = new MulDivRows({ lookups: new ByteLookups() })
  for (const [name, a, b, result] of calls) rows.push(operations[name], a, b, result)
  const logHeight = Math.ceil(Math.log2(calls.length + 1))
  return violations(mulDivTable, { ...rows.toTrace(logHeight), fixed: new BigUint64Array() })
}

describe('the muldiv table', () => {
  it.each(mulDivOperations)('has rows for %s of all edge operands', (name) => {
    expect(check(edges.flatMap((a) => edges.map((b) => [name, a, b, reference[name](a, b)] as const)))).toEqual([])
  })

  it('has rows for random operands', () => {
    const operand = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(...edges))
    fc.assert(
      fc.property(fc.constantFrom(...mulDivOperations), operand, operand, (name, a, b) => {
        expect(check([[name, a, b, reference[name](a, b)]])).toEqual([])
      }),
    )
  })

  it.each(mulDivOperations)('refuses a wrong result of %s', (name) => {
    for (const a of edges) {
      for (const b of edges) {
        expect(check([[name, a, b, (reference[name](a, b) + 1) >>> 0]]).map(({ tag }) => tag)).toEqual(['MD-RESULT'])
      }
    }
  })
})
