const ROUNDS = 24

/** Rotation of lane 5y + x (FIPS 202, 3.2.2). */
const rotations = [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14]

/** Low and high words of the round constants, from the generator of FIPS 202, algorithm 5. */
const roundConstants = new Int32Array(2 * ROUNDS)
let lfsr = 1
for (let round = 0; round < ROUNDS; round++) {
  for (let j = 0; j < 7; j++) {
    const bit = 2 ** j - 1
    const word = 2 * round + (bit >> 5)
    if ((lfsr & 1) === 1) roundConstants[word] = (roundConstants[word] ?? 0) ^ (1 << (bit & 31))
    lfsr = lfsr & 0x80 ? (lfsr << 1) ^ 0x171 : lfsr << 1
  }
}

/**
 * Lane by lane after the first, which neither moves nor turns: where its words are read, those of its column's theta, where pi takes it, and by how
 * much rho shifts. Rotating by more than 32 bits is swapping the words first, so both are read by index.
 */
const LANES = 24
const lowFrom = new Uint8Array(LANES)
const highFrom = new Uint8Array(LANES)
const thetaLowFrom = new Uint8Array(LANES)
const thetaHighFrom = new Uint8Array(LANES)
const target = new Uint8Array(LANES)
const shift = new Uint8Array(LANES)
for (let index = 0; index < LANES; index++) {
  const lane = index + 1
  const [x, y] = [lane % 5, Math.floor(lane / 5)]
  const rotation = rotations[lane] ?? 0
  const swap = rotation >= 32 ? 1 : 0
  lowFrom[index] = 2 * lane + swap
  highFrom[index] = 2 * lane + 1 - swap
  thetaLowFrom[index] = 2 * x + swap
  thetaHighFrom[index] = 2 * x + 1 - swap
  target[index] = 2 * (5 * ((2 * x + 3 * y) % 5) + y)
  shift[index] = rotation & 31
}

const columns = new Int32Array(10)
const theta = new Int32Array(10)
const moved = new Int32Array(50)

/** keccak-f[1600] in place on 25 lanes, the low word of each first. */
export function keccakF(state: Int32Array): void {
  const at = (index: number) => state[index] as number
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < 10; i++) columns[i] = at(i) ^ at(i + 10) ^ at(i + 20) ^ at(i + 30) ^ at(i + 40)
    for (let i = 0; i < 10; i += 2) {
      const left = i === 0 ? 8 : i - 2
      const right = i === 8 ? 0 : i + 2
      const low = columns[right] as number
      const high = columns[right + 1] as number
      theta[i] = (columns[left] as number) ^ (low << 1) ^ (high >>> 31)
      theta[i + 1] = (columns[left + 1] as number) ^ (high << 1) ^ (low >>> 31)
    }
    moved[0] = at(0) ^ (theta[0] as number)
    moved[1] = at(1) ^ (theta[1] as number)
    for (let lane = 0; lane < LANES; lane++) {
      const low = at(lowFrom[lane] as number) ^ (theta[thetaLowFrom[lane] as number] as number)
      const high = at(highFrom[lane] as number) ^ (theta[thetaHighFrom[lane] as number] as number)
      const by = shift[lane] as number
      const to = target[lane] as number
      moved[to] = (low << by) | (high >>> (32 - by))
      moved[to + 1] = (high << by) | (low >>> (32 - by))
    }
    for (let row = 0; row < 50; row += 10) chi(state, row)
    state[0] = at(0) ^ (roundConstants[2 * round] as number)
    state[1] = at(1) ^ (roundConstants[2 * round + 1] as number)
  }
}

function chi(state: Int32Array, row: number): void {
  for (let half = row; half < row + 2; half++) {
    const a = moved[half] as number
    const b = moved[half + 2] as number
    const c = moved[half + 4] as number
    const d = moved[half + 6] as number
    const e = moved[half + 8] as number
    state[half] = a ^ (~b & c)
    state[half + 2] = b ^ (~c & d)
    state[half + 4] = c ^ (~d & e)
    state[half + 6] = d ^ (~e & a)
    state[half + 8] = e ^ (~a & b)
  }
}
