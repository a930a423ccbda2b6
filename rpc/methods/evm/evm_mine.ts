import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { MineCount } from '../../schemas/mine-count.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'

const MineOptions = z.object({ timestamp: LooseNumber.nullish(), blocks: MineCount.nullish() })

export const evm_mine = defineMethod({
  name: 'evm_mine',
  summary: 'Seals a block now, even an empty one. Takes its timestamp in seconds, or { timestamp, blocks }.',
  params: z.tuple([param('options', z.union([LooseNumber, MineOptions]).nullish())]),
  result: z.literal('0x0'),
  async handle([options], { sealing }) {
    const { timestamp, blocks } = typeof options === 'number' ? { timestamp: options, blocks: 1 } : (options ?? {})
    await sealing.mine({ blocks: blocks ?? 1, ...(timestamp != null && { timestamp: BigInt(timestamp) }) })
    return '0x0' as const
  },
})
