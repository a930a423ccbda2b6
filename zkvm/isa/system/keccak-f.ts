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

/** Where pi takes lane 5y + x, and by how much rho rotates it. */
const targets = new Uint8Array(25)
const shifts = new Uint8Array(25)
for (let y = 0; y < 5; y++) {
  for (let x = 0; x < 5; x++) {
    targets[5 * y + x] = 5 * ((2 * x + 3 * y) % 5) + y
    shifts[5 * y + x] = rotations[5 * y + x] ?? 0
  }
}

const columns = new Int32Array(10)
const moved = new Int32Array(50)

/** keccak-f[1600] in place on 25 lanes, the low word of each first. */
export function keccakF(state: Int32Array): void {
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < 10; i++) {
      columns[i] =
        (state[i] as number) ^ (state[i + 10] as number) ^ (state[i + 20] as number) ^ (state[i + 30] as number) ^ (state[i + 40] as number)
    }
    for (let x = 0; x < 5; x++) {
      const left = 2 * ((x + 4) % 5)
      const right = 2 * ((x + 1) % 5)
      const low = columns[right] as number
      const high = columns[right + 1] as number
      const thetaLow = (columns[left] as number) ^ (low << 1) ^ (high >>> 31)
      const thetaHigh = (columns[left + 1] as number) ^ (high << 1) ^ (low >>> 31)
      for (let lane = x; lane < 25; lane += 5)
        rotateInto(lane, (state[2 * lane] as number) ^ thetaLow, (state[2 * lane + 1] as number) ^ thetaHigh)
    }
    for (let row = 0; row < 50; row += 10) {
      for (let i = 0; i < 10; i++) {
        const next = moved[row + ((i + 2) % 10)] as number
        state[row + i] = (moved[row + i] as number) ^ (~next & (moved[row + ((i + 4) % 10)] as number))
      }
    }
    state[0] = (state[0] as number) ^ (roundConstants[2 * round] as number)
    state[1] = (state[1] as number) ^ (roundConstants[2 * round + 1] as number)
  }
}

function rotateInto(lane: number, low: number, high: number): void {
  const shift = shifts[lane] as number
  const target = 2 * (targets[lane] as number)
  const [a, b] = shift < 32 ? [low, high] : [high, low]
  const by = shift & 31
  moved[target] = by === 0 ? a : (a << by) | (b >>> (32 - by))
  moved[target + 1] = by === 0 ? b : (b << by) | (a >>> (32 - by))
}
