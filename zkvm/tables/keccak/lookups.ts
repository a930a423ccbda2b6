import { defineTable } from '../../air/table.ts'
import type { FixedColumns } from '../../stark/prover/proving-key.ts'
import { fixedHeightFor } from '../heights.ts'
import { rowFlags } from './air.ts'
import { chiBus, scheduleBus } from './buses.ts'
import { blockRows, five, laneLength, operationRows, rounds } from './lanes.ts'

/** Five digits of two bits and the round constant's bit. */
const chiRows = 2 ** 11
const constantBit = 2 ** 10

/** What chi and iota make of each row of digits, and what each row of a permutation is. Rows past the end of either repeat its first. */
export const keccakLookupsTable = defineTable('keccak-lookups', (b) => {
  const digits = b.fixed('digits')
  const after = b.fixed('after')
  const round = b.fixed('round')
  const slice = b.fixed('slice')
  const flags = b.fixed('flags')
  b.receive('KECCAK-LOOKUPS-CHI', chiBus, [digits, after], b.main('chiCount'))
  b.receive('KECCAK-LOOKUPS-SCHEDULE', scheduleBus, [round, slice, flags], b.main('scheduleCount'))
})

const chiOf = Uint8Array.from({ length: constantBit }, (_, digits) => {
  const parity = (x: number): number => (digits >>> (2 * (x % 5))) & 1
  return five.reduce<number>((row, x) => row | ((parity(x) ^ (~parity(x + 1) & parity(x + 2) & 1)) << x), 0)
})

/** The row of five bits after chi; `digits` are base 4, of which only parities count. Iota, if `constant` is 1, changes the first bit. */
export function chi(digits: number, constant: number): number {
  return (chiOf[digits] ?? 0) ^ constant
}

/** The bits of all round constants, at 64·round + z, from the generator of FIPS 202, 3.2.5: there is one at z = 2^j − 1 only. */
const constantBits = new Uint8Array(rounds * laneLength)
let generator = 1
for (let round = 0; round < rounds; round++) {
  for (let j = 0; j < 7; j++) {
    constantBits[round * laneLength + 2 ** j - 1] = generator & 1
    generator = generator & 0x80 ? (generator << 1) ^ 0x171 : generator << 1
  }
}

/** The round constant's bit of slice z; 0 after the last round. */
export function constantOf(round: number, z: number): number {
  return constantBits[round * laneLength + z] ?? 0
}

function flagsOf(round: number, index: number): number {
  return (
    rowFlags.constant0 * constantOf(round, index) +
    rowFlags.constant1 * constantOf(round, index + blockRows) +
    (round === 0 ? rowFlags.isInput : 0) +
    (round === rounds ? rowFlags.isOutput : 0)
  )
}

export function keccakLookupsFixed(): FixedColumns {
  const { height, logHeight } = fixedHeightFor(chiRows)
  const values = new BigUint64Array(5 * height)
  for (let row = 0; row < height; row++) {
    const combination = row < chiRows ? row : 0
    const constant = combination < constantBit ? 0 : 1
    const digits = combination % constantBit
    const place = row < operationRows ? row : 0
    const round = Math.floor(place / blockRows)
    values[row] = BigInt(digits)
    values[height + row] = BigInt(chi(digits, constant) + 32 * constant)
    values[2 * height + row] = BigInt(round)
    values[3 * height + row] = BigInt(place % blockRows)
    values[4 * height + row] = BigInt(flagsOf(round, place % blockRows))
  }
  return { logHeight, values }
}

/** Counts lookups while the permutations' rows are filled. */
export class KeccakLookups {
  readonly #chi = new Uint32Array(chiRows)
  #permutations = 0

  chi(digits: number, constant: number): void {
    const row = digits + constant * constantBit
    this.#chi[row] = (this.#chi[row] ?? 0) + 1
  }

  permutation(): void {
    this.#permutations++
  }

  main(): BigUint64Array {
    const { height } = fixedHeightFor(chiRows)
    const main = new BigUint64Array(2 * height)
    this.#chi.forEach((count, row) => {
      main[row] = BigInt(count)
    })
    main.fill(BigInt(this.#permutations), height, height + operationRows)
    return main
  }
}
