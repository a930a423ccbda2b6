import type { Segment } from '../../isa/elf.ts'
import type { FixedColumns } from '../../stark/prover/proving-key.ts'
import { fixedHeightFor } from '../heights.ts'

/** Words of RAM that a program's file fills, by address; a word that it fills in part has zeros in the rest. */
export function imageWords(segments: readonly Segment[]): Map<number, number> {
  const words = new Map<number, number>()
  for (const { address, bytes } of segments) {
    bytes.forEach((byte, index) => {
      const at = address + index
      const word = at - (at % 4)
      words.set(word, ((words.get(word) ?? 0) | (byte << (8 * (at % 4)))) >>> 0)
    })
  }
  return new Map([...words].sort(([a], [b]) => a - b))
}

/** Rows past the last word repeat it: a row of zeros would make address 0 a part of the image. */
export function imageFixed(words: ReadonlyMap<number, number>): FixedColumns {
  const entries = [...words]
  const last = entries.at(-1)
  if (last === undefined) throw new RangeError('the program has no image')
  const { height, logHeight } = fixedHeightFor(entries.length)
  const values = new BigUint64Array(2 * height)
  for (let row = 0; row < height; row++) {
    const [address, value] = entries[row] ?? last
    values[row] = BigInt(address)
    values[height + row] = BigInt(value)
  }
  return { logHeight, values }
}
