import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { param } from '../../schemas/primitives.ts'

export const hardhat_setLoggingEnabled = defineMethod({
  name: 'hardhat_setLoggingEnabled',
  aliases: ['anvil_setLoggingEnabled'],
  summary: "Accepted and ignored: the node's log is set with `--quiet` and `-v`, and does not list requests.",
  params: z.tuple([param('enabled', z.boolean())]),
  result: z.literal(true),
  handle: () => true as const,
})
