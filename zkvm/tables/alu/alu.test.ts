import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { violations } from '../../air/check.ts'
import { ByteLookups } from '../bytes/lookups.ts'
import { type OperationName, operations } from '../operations.ts'
import { aluOperations, aluTable } from './air.ts'
import { AluRows } from './trace.ts'

const edges = [0, 1, 2, 31, 32, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffe, 0xffff_ffff]

const reference: Readonly<Record<(typeof aluOperations)[number], (a: number, b: number) => number>> = {
  and: (a, b) => (a & b) >>> 0,
  or: (a, b) => (a | b) >>> 0,
  xor: (a, b) => (a ^ b) >>> 0,
  sll: (a, b) => (a << (b & 31)) >>> 0,
  srl: (a, b) => a >>> (b & 31),
  sra: (a, b) => (a >> (b & 31)) >>> 0,
  lt: (a, b) => ((a | 0) < (b | 0) ? 1 : 0),
  ltu: (a, b) => (a < b ? 1 : 0),
  ge: (a, b) => ((a | 0) >= (b | 0) ? 1 : 0),
  geu: (a, b) => (a >= b ? 1 : 0),
  eq: (a, b) => (a === b ? 1 : 0),
  ne: (a, b) => (a !== b ? 1 : 0),
}

function check(calls: readonly (readonly [OperationName, number, number, number])[]) {
  const rows = new AluRows({ lookups: new ByteLookups() })
  for (const [name, a, b, result] of calls) rows.push(operations[name], a, b, result)
  const logHeight = Math.ceil(Math.log2(calls.length + 1))
  return violations(aluTable, { ...rows.toTrace(logHeight), fixed: new BigUint64Array() })
}

describe('the alu table', () => {
  it.each(aluOperations)('has rows for %s of all edge operands', (name) => {
    const calls = edges.flatMap((a) => edges.map((b) => [name, a, b, reference[name](a, b)] as const))
    expect(check(calls)).toEqual([])
  })

  it('has rows for random operands', () => {
    const word = fc.integer({ min: 0, max: 0xffff_ffff })
    fc.assert(
      fc.property(fc.constantFrom(...aluOperations), word, word, (name, a, b) => {
        expect(check([[name, a, b, reference[name](a, b)]])).toEqual([])
      }),
    )
  })

  it.each(aluOperations)('refuses a wrong result of %s', (name) => {
    for (const a of edges) {
      for (const b of edges) {
        const wrong = (reference[name](a, b) + 1) >>> 0
        expect(check([[name, a, b, wrong]]).map(({ tag }) => tag.slice(0, 10))).toContain('ALU-RESULT')
      }
    }
  })
})
