import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { IntervalMs } from '../../schemas/mine-count.ts'
import { param } from '../../schemas/primitives.ts'

export const evm_setIntervalMining = defineMethod({
  name: 'evm_setIntervalMining',
  summary: 'Seals a block every so many milliseconds; 0 stops that. In seconds: anvil_setIntervalMining.',
  params: z.tuple([param('intervalMs', IntervalMs)]),
  result: z.literal(true),
  async handle([intervalMs], { sealing }) {
    await sealing.setIntervalMs(intervalMs)
    return true as const
  },
})
