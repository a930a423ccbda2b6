import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { param } from '../../schemas/primitives.ts'
import { JsonRpcError, rpcErrorCode } from '../../transport/errors.ts'

const Options = z.object({ forking: z.object({ jsonRpcUrl: z.unknown(), blockNumber: z.unknown() }).partial().nullish() })

export const hardhat_reset = defineMethod({
  name: 'hardhat_reset',
  aliases: ['anvil_reset'],
  summary:
    'Goes back to where this process started (for a new devnet, its genesis), with batches, jobs and our own L1; drops snapshots, settings and impersonations. Refuses to fork, and on an L1 that is not ours once a batch is committed.',
  params: z.tuple([param('options', Options.nullish())]),
  result: z.literal(true),
  async handle([options], { snapshots, dev, sealing }) {
    // Clients without a fork in mind send the object with nothing in it.
    if (options?.forking?.jsonRpcUrl != null) {
      throw new JsonRpcError(rpcErrorCode.serverError, 'Forking is not possible: the L2 of a devnet begins with its own genesis.')
    }
    await snapshots.reset()
    await dev.forget()
    await sealing.setIntervalMs(0)
    await sealing.setAutomine(true)
    return true as const
  },
})
