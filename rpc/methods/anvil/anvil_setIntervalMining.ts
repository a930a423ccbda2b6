import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { IntervalSeconds } from '../../schemas/mine-count.ts'
import { param } from '../../schemas/primitives.ts'

export const anvil_setIntervalMining = defineMethod({
  name: 'anvil_setIntervalMining',
  summary: 'Seals a block every so many seconds; 0 stops that.',
  params: z.tuple([param('intervalSeconds', IntervalSeconds)]),
  result: z.null(),
  async handle([intervalSeconds], { sealing }) {
    await sealing.setIntervalMs(intervalSeconds * 1_000)
    return null
  },
})
