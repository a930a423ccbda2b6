import { z } from 'zod'
import { decoded, decodeLooseNumber, LooseNumber, looseNumberSchema, ParamProblem } from './primitives.ts'

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

/** What evm_mine takes: the timestamp of the first block, in seconds, or an object. */
export const MineOptionsParam = z
  .union([LooseNumber, z.object({ timestamp: LooseNumber.nullish(), blocks: MineCount.nullish() })])
  .transform((options) => {
    const { timestamp, blocks } = typeof options === 'number' ? { timestamp: options, blocks: 1 } : options
    return { blocks: blocks ?? 1, ...(timestamp != null && { timestamp: BigInt(timestamp) }) }
  })
