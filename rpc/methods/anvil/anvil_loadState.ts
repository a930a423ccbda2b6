import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { param } from '../../schemas/primitives.ts'
import { StateFileParam } from '../../schemas/state-file.ts'

export const anvil_loadState = defineMethod({
  name: 'anvil_loadState',
  aliases: ['hardhat_loadState'],
  summary:
    'Sets accounts as a dump of ours or of anvil has them; others stay. Makes the next block, and so its batch, a dev one; what is too much for one block is spread over several.',
  params: z.tuple([param('state', StateFileParam)]),
  result: z.literal(true),
  async handle([edits], { dev }) {
    await dev.edit(() => edits)
    return true as const
  },
})
