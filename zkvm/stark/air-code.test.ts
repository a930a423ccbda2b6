import { expect, it } from 'vitest'
import { modulus } from '../field/goldilocks.ts'
import { machineAir } from '../tables/machine/machine-air.ts'
import { encodeAir } from './air-code.ts'
import { chainAir } from './testing/chain-air.ts'
import { fibonacciAir } from './testing/fibonacci-air.ts'
import { rotationAir } from './testing/rotation-air.ts'

const endOfCoordinates = 2n ** 85n
const largest = modulus - 1n

interface Program {
  readonly constants: ReadonlyMap<number, bigint>
  readonly instructions: readonly { readonly operation: number; readonly k: bigint; readonly places: readonly number[] }[]
}

/** The format that air-code.ts describes, as the contract reads it. */
function programOf(code: Uint8Array): Program {
  let at = 0
  const number = (size: number): bigint => {
    const value = code.subarray(at, at + size).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
    at += size
    return value
  }
  const skip = (bytes: bigint): void => {
    at += Number(bytes)
  }
  skip(number(1))
  const challenges = number(1)
  const tables = number(1)
  skip(tables)
  const periods = Array.from({ length: Number(number(1)) }, () => number(1))
  const cells = number(2)
  number(2)
  const firstConstant = 3n + challenges + 4n * tables + cells + 2n + periods.reduce((sum, log) => sum + 2n ** log, 0n)
  const constants = new Map(Array.from({ length: Number(number(2)) }, (_, index) => [Number(firstConstant) + index, number(8)]))
  skip(number(2))
  const instructions = Array.from({ length: (code.length - at) / 7 }, () => {
    const word = number(7)
    const places = [36n, 24n, 12n, 0n].map((shift) => Number((word >> shift) & 0xfffn))
    return { operation: Number((word >> 48n) & 7n), k: word >> 51n, places }
  })
  return { constants, instructions }
}

// A coordinate that passed its 85 bits, or a difference that borrowed from the next one, would be another number than the constraints say.
it.each([machineAir, fibonacciAir, chainAir, rotationAir])('keeps coordinates apart, whatever a prover says: $name', (air) => {
  const { constants, instructions } = programOf(encodeAir(air))
  expect(instructions.length).toBeGreaterThan(10)
  const bounds = new Map<number, bigint>()
  const boundOf = (place: number | undefined): bigint => bounds.get(place ?? 0) ?? constants.get(place ?? 0) ?? largest
  for (const { operation, k, places } of instructions) {
    const [result = 0] = places
    const [a = 0n, b = 0n, c = 0n] = places.slice(1).map(boundOf)
    const whole = modulus << k
    // What is taken from p·2^k, and what comes out.
    const [subtracted, bound] = [
      [0n, largest + c],
      [0n, a + b],
      [b, a + whole],
      [0n, a * b + c],
      [a * b, c + whole],
      [a, largest + c],
      [c, largest + whole],
    ][operation] ?? [endOfCoordinates, endOfCoordinates]
    if (subtracted !== 0n || [2, 4, 5, 6].includes(operation)) expect(subtracted).toBeLessThanOrEqual(whole)
    expect(whole).toBeLessThan(endOfCoordinates)
    expect(bound).toBeLessThan(endOfCoordinates)
    // Of a small multiple, the factor is a constant of the base field.
    if (operation === 3 || operation === 4) expect(constants.has(places[2] ?? 0)).toBe(true)
    bounds.set(result, bound ?? endOfCoordinates)
  }
})
