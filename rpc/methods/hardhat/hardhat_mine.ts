import { z } from 'zod'
import { rules } from '../../../core/index.ts'
import { mineBlocks } from '../../blocks/mine-blocks.ts'
import { defineMethod } from '../../method.ts'
import { MineCount } from '../../schemas/mine-count.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'

export const hardhat_mine = defineMethod({
  name: 'hardhat_mine',
  summary: `Seals blocks (1 by default) whose timestamps are so many seconds apart (1 by default). Of more than ${rules.maxEmptyBlocksAtOnce} at once, empty ones make their batches dev batches.`,
  params: z.tuple([param('blocks', MineCount.nullish()), param('intervalSeconds', LooseNumber.nullish())]),
  result: z.literal(true),
  async handle([blocks, intervalSeconds], { sealing }) {
    await mineBlocks({ blocks, intervalSeconds }, sealing)
    return true as const
  },
})
