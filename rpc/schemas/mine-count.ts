import { decoded, decodeLooseNumber, looseNumberSchema, ParamProblem } from './primitives.ts'

const dayMs = 86_400_000

function atMost(limit: number) {
  return (value: unknown): number => {
    const number = decodeLooseNumber(value)
    if (number > limit) throw new ParamProblem(`at most ${limit}, got ${number}`)
    return number
  }
}

/** How many blocks one request may seal. */
export const MineCount = decoded(looseNumberSchema, atMost(100_000))

/** Timers cannot wait longer than 2^31 ms; a day is far beyond use. */
export const IntervalMs = decoded(looseNumberSchema, atMost(dayMs))
export const IntervalSeconds = decoded(looseNumberSchema, atMost(dayMs / 1_000))
