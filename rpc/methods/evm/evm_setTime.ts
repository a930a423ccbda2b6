import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'

/** The year 5138 in seconds, and 1973 in milliseconds. */
const firstMilliseconds = 100_000_000_000

export const evm_setTime = defineMethod({
  name: 'evm_setTime',
  aliases: ['anvil_setTime'],
  summary: 'Sets the clock of coming blocks, in seconds or milliseconds; returns by how many seconds it is ahead of the computer.',
  params: z.tuple([param('time', LooseNumber)]),
  result: z.number().int(),
  async handle([time], { sealing, clock }) {
    const seconds = time < firstMilliseconds ? time : Math.floor(time / 1_000)
    await sealing.setTime(BigInt(seconds))
    return Math.max(0, seconds - Math.floor(clock.nowMs() / 1_000))
  },
})
