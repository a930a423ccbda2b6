import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { param } from '../../schemas/primitives.ts'

export const anvil_autoImpersonateAccount = defineMethod({
  name: 'anvil_autoImpersonateAccount',
  aliases: ['hardhat_autoImpersonateAccount'],
  summary: 'Impersonates every account, or only those by name again.',
  params: z.tuple([param('enabled', z.boolean())]),
  result: z.null(),
  async handle([enabled], { dev }) {
    await dev.setAutoImpersonation(enabled)
    return null
  },
})
