import { z } from 'zod'
import { rules } from '../../../core/index.ts'
import { defineMethod } from '../../method.ts'
import { MineOptionsParam } from '../../schemas/mine-count.ts'
import { param } from '../../schemas/primitives.ts'

export const evm_mine = defineMethod({
  name: 'evm_mine',
  summary: `Seals a block now, even an empty one. Takes its timestamp in seconds, or { timestamp, blocks }. Of more than ${rules.maxEmptyBlocksAtOnce} blocks at once, empty ones make their batches dev batches.`,
  params: z.tuple([param('options', MineOptionsParam.nullish())]),
  result: z.literal('0x0'),
  async handle([options], { sealing }) {
    await sealing.mine(options ?? { blocks: 1 })
    return '0x0' as const
  },
})
