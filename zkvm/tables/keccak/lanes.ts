/** A block of rows for each state: before the first round, after each. */
export const rounds = 24
export const blocks = rounds + 1
/** Rows of a block. Row i has the slices i and i + 32: a bit of each word. */
export const blockRows = 32
export const operationRows = blocks * blockRows
export const laneLength = 64

export const stateWords = 50
/** Of a block that is absorbed. */
export const rateWords = 34

/** Rotation of lane 5y + x (FIPS 202, 3.2.2). */
const rotations = [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14]

export const five = [0, 1, 2, 3, 4] as const
/** Slots of a row: s holds slice i + 32·s. */
export const slots = [0, 1] as const

/** Where rho and pi take a lane: bit z of lane (x, y) becomes bit z + rotation of the lane (column, row). */
export interface Move {
  readonly x: number
  readonly y: number
  readonly rotation: number
  readonly column: number
  readonly row: number
}

export const moves: readonly Move[] = five.flatMap((x) =>
  five.map((y) => ({ x, y, rotation: rotations[5 * y + x] ?? 0, column: y, row: (2 * x + 3 * y) % 5 })),
)

export function modulo5(value: number): number {
  return (value + 5) % 5
}

/** The word of the state that slot s of lane (x, y) holds the bits of. */
export function wordOf(x: number, y: number, slot: number): number {
  return 2 * (5 * y + x) + slot
}
