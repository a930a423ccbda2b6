import { keccak256 } from '../../core/index.ts'

const argumentTypes = ['uint256', 'string', 'bool', 'address'] as const
const maxArguments = 4
const single = ['int256', 'int', 'bytes', ...Array.from({ length: 32 }, (_, i) => `bytes${i + 1}`)]

function* combinations(length: number): Generator<string[]> {
  if (length === 0) {
    yield []
    return
  }
  for (const head of combinations(length - 1)) for (const type of argumentTypes) yield [...head, type]
}

function* signatures(): Generator<string[]> {
  for (let length = 0; length <= maxArguments; length++) {
    for (const types of combinations(length)) {
      yield types
      // Hardhat's library had the selectors of `uint` before version 2.
      if (types.includes('uint256')) yield types.map((type) => (type === 'uint256' ? 'uint' : type))
    }
  }
  for (const type of single) yield [type]
  yield ['string', 'int256']
}

let table: ReadonlyMap<number, readonly string[]> | undefined

/** The types of what a function of Hardhat's and Foundry's `console` library logs; undefined for another selector. */
export function consoleArguments(selector: number): readonly string[] | undefined {
  table ??= new Map([...signatures()].map((types) => [selectorOf(types), types]))
  return table.get(selector)
}

function selectorOf(types: readonly string[]): number {
  const hash = keccak256(new TextEncoder().encode(`log(${types.join(',')})`))
  return Buffer.from(hash).readUInt32BE(0)
}
