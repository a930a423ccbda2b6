import { addressMap } from '../../isa/address-map.ts'
import type { FixedColumns } from '../../stark/prover/proving-key.ts'
import { fixedHeightFor } from '../heights.ts'

export const regionKind = { zero: 0, input: 1 } as const

/** A part of RAM, by the addresses of its first and last word. Words of `zero` begin as 0, those of `input` as the prover chooses. */
export interface Region {
  readonly kind: number
  readonly first: number
  readonly last: number
}

/** What `image` (ascending word addresses) leaves of RAM, ascending. */
export function regionsAround(image: Iterable<number>): Region[] {
  const regions: Region[] = []
  let next: number = addressMap.ramStart
  const closeBefore = (address: number): void => {
    if (address > next) regions.push({ kind: regionKind.zero, first: next, last: address - 4 })
  }
  for (const address of image) {
    closeBefore(address)
    next = address + 4
  }
  closeBefore(addressMap.imageEnd)
  regions.push({ kind: regionKind.input, first: addressMap.inputStart, last: addressMap.ramEnd - 4 })
  return regions
}

/** Rows past the last region are regions that no address lies in. */
export function regionsFixed(regions: readonly Region[]): FixedColumns {
  const { height, logHeight } = fixedHeightFor(regions.length)
  const values = new BigUint64Array(3 * height)
  for (let row = 0; row < height; row++) {
    const { kind, first, last } = regions[row] ?? { kind: regionKind.zero, first: 1, last: 0 }
    values[row] = BigInt(kind)
    values[height + row] = BigInt(first)
    values[2 * height + row] = BigInt(last)
  }
  return { logHeight, values }
}
