import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { param } from '../../schemas/primitives.ts'
import { JsonRpcError, rpcErrorCode } from '../../transport/errors.ts'

export const anvil_setChainId = defineMethod({
  name: 'anvil_setChainId',
  aliases: ['hardhat_setChainId'],
  summary: 'Always refused: the chain id is fixed in the Rollup contract and in what every batch proves.',
  params: z.tuple([param('chainId', z.unknown())]),
  result: z.never(),
  handle() {
    throw new JsonRpcError(
      rpcErrorCode.serverError,
      'The chain id of a rollup cannot change: it is fixed in its contract on L1. Start another devnet with `--chain-id`.',
    )
  },
})
