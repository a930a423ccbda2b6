import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const anvil_getIntervalMining = defineMethod({
  name: 'anvil_getIntervalMining',
  summary: 'Seconds between blocks; null where there is no interval sealing.',
  params: z.tuple([]),
  result: z.number().nullable(),
  handle(_params, { sealing }) {
    const intervalMs = sealing.intervalMs()
    return intervalMs === 0 ? null : intervalMs / 1_000
  },
})
