import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { param } from '../../schemas/primitives.ts'
import { JsonRpcError, rpcErrorCode } from '../../transport/errors.ts'

export const anvil_setRpcUrl = defineMethod({
  name: 'anvil_setRpcUrl',
  aliases: ['hardhat_setRpcUrl'],
  summary: 'Always refused: the devnet forks no other chain.',
  params: z.tuple([param('url', z.unknown())]),
  result: z.never(),
  handle() {
    throw new JsonRpcError(
      rpcErrorCode.serverError,
      'There is no fork whose RPC URL could be set: the L2 of a devnet begins with its own genesis.',
    )
  },
})
