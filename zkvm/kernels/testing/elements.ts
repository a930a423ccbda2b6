import fc from 'fast-check'
import type * as extension from '../../field/extension.ts'
import * as base from '../../field/goldilocks.ts'

const edges = [0n, 1n, base.modulus - 1n, 0xffff_ffffn, 0x1_0000_0000n, 0xffff_ffff_0000_0000n]
export const element = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: base.modulus - 1n }))
export const triple = fc.tuple(element, element, element)

/** Every third is an edge. */
export function elements(count: number, seed = 1n): BigUint64Array {
  let state = seed
  return BigUint64Array.from({ length: count }, (_, i) => {
    state = base.toElement(state * 0x9e3779b97f4a7c15n + 0x632be59bd9b4e019n)
    return i % 3 === 1 ? (edges[Number(state % BigInt(edges.length))] ?? 0n) : state
  })
}

/** Three arrays as elements of the extension. */
export function asExtensions(words: BigUint64Array): extension.Extension[] {
  const count = words.length / 3
  return Array.from({ length: count }, (_, i) => [words[i] ?? 0n, words[count + i] ?? 0n, words[2 * count + i] ?? 0n])
}

export function arraysOf(values: readonly extension.Extension[]): BigUint64Array {
  return BigUint64Array.from([0, 1, 2].flatMap((c) => values.map((value) => value[c] ?? 0n)))
}
