import { z } from 'zod'
import { blockToJson } from '../../encoding/block-json.ts'
import { defineMethod } from '../../method.ts'
import { MineOptionsParam } from '../../schemas/mine-count.ts'
import { param } from '../../schemas/primitives.ts'
import { BlockResult } from '../../schemas/results.ts'

export const anvil_mine_detailed = defineMethod({
  name: 'anvil_mine_detailed',
  aliases: ['evm_mine_detailed', 'evm_mineDetailed', 'anvil_mineDetailed'],
  summary: 'Seals blocks as evm_mine does, and returns them with their transactions.',
  params: z.tuple([param('options', MineOptionsParam.nullish())]),
  result: z.array(BlockResult),
  async handle([options], { sealing, chain, batches }) {
    const { blocks = 1, timestamp } = options ?? {}
    const before = chain.head().header.number
    await sealing.mine({ blocks, ...(timestamp !== undefined && { timestamp }) })
    return Array.from({ length: blocks }, (_, index) => {
      const block = chain.blockByNumber(before + 1n + BigInt(index))
      return block === undefined ? [] : [blockToJson(block, batches.position(block.header.number), 'full')]
    }).flat()
  },
})
