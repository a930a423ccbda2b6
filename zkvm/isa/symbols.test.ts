import { expect, test } from 'vitest'
import { SymbolTable } from './symbols.ts'

const table = new SymbolTable([
  { name: 'late', address: 0x300, size: 16 },
  { name: 'label', address: 0x100, size: 0 },
  { name: 'early', address: 0x100, size: 8 },
  { name: 'other', address: 0x100, size: 8 },
  { name: 'open', address: 0x200, size: 0 },
])

test.each([
  [0xff, undefined],
  [0x100, 'early'],
  [0x107, 'early'],
  [0x108, undefined],
  [0x200, 'open'],
  [0x2ff, 'open'],
  [0x30f, 'late'],
  [0x310, undefined],
])('address %i lies in %s', (address, name) => {
  expect(table.at(address)).toBe(name)
})

test('lists one symbol per address, in order', () => {
  expect([...table].map(({ name }) => name)).toEqual(['early', 'open', 'late'])
  expect(table.size).toBe(3)
})
