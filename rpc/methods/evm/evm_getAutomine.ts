import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const evm_getAutomine = defineMethod({
  name: 'evm_getAutomine',
  aliases: ['hardhat_getAutomine', 'anvil_getAutomine'],
  summary: 'Whether a block is sealed per transaction.',
  params: z.tuple([]),
  result: z.boolean(),
  handle: (_params, { sealing }) => sealing.automine(),
})
