import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'

export const hardhat_setPrevRandao = defineMethod({
  name: 'hardhat_setPrevRandao',
  aliases: ['anvil_setPrevRandao'],
  summary: 'Sets prevRandao of the next block. The sequencer is free to, so batches stay provable.',
  params: z.tuple([param('prevRandao', Hash)]),
  result: z.literal(true),
  async handle([nextPrevRandao], { dev }) {
    await dev.setBlock({ nextPrevRandao })
    return true as const
  },
})
