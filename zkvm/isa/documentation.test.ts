import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  addressMap,
  disassemble,
  illegalId,
  instructions,
  loadProgram,
  Machine,
  maxInputLength,
  type Step,
  systemFunctions,
} from '../index.ts'
import { readProgram } from './testing/build-programs.ts'

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`
}

test('instructions.md is the instruction table', async () => {
  const rows = instructions.map(
    ({ id, mnemonic, format, mask, match }) => `| ${id} | \`${mnemonic}\` | ${format} | ${hex(mask)} | ${hex(match)} |`,
  )
  const page = [
    '# Instructions',
    '',
    'Written from `instructions.ts` by `vitest run --project unit zkvm/isa -u`. A word is the instruction for which `(word & mask) = match`; the formats',
    'are those of the specification, `shift` is I with a 5-bit amount, `load` is I written `rd, imm(rs1)`, `none` has no operands.',
    '',
    '| id | mnemonic | format | mask | match |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    `An illegal word has id ${illegalId}.`,
    '',
  ]
  await expect(page.join('\n')).toMatchFileSnapshot('instructions.md')
})

describe('README.md and the code agree', () => {
  test('on the system functions', () => {
    const documented = [...readme.matchAll(/^\| (\d+) \| `(\w+)` \|([^|]*)\|/gm)].map(([, number, name, operands = '']) => ({
      number: Number(number),
      name,
      arguments: [...operands.matchAll(/\ba\d/g)].length,
    }))
    const known = systemFunctions.map(({ number, name, arguments: count }) => ({ number, name, arguments: count }))
    expect(documented).toEqual(known)
  })

  test('on the address map', () => {
    for (const address of Object.values(addressMap)) {
      const edges = [hex(address), hex(address - 1)]
      expect(
        edges.some((edge) => readme.includes(edge)),
        hex(address),
      ).toBe(true)
    }
    expect(readme).toContain(`\`${hex(maxInputLength)}\``)
  })
})

test('the public API shows a run step by step', () => {
  const program = loadProgram(readProgram('fibonacci'))
  const machine = new Machine({ program, input: Uint8Array.of(3, 0, 0, 0) })
  const texts: string[] = []
  machine.runObserved(3, ({ pc, index }: Readonly<Step>) => {
    texts.push(disassemble(program.code.words[index] ?? 0, pc))
  })
  expect(texts).toEqual(['lui sp, 0x1000', 'auipc ra, 0x0', 'jalr ra, 16(ra)'])
  machine.run(1_000_000)
  expect([machine.exitCode, machine.output?.[0], machine.callCounts.halt]).toEqual([3, 2, 1])
})
