import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { param } from '../../schemas/primitives.ts'
import { JsonRpcError, rpcErrorCode } from '../../transport/errors.ts'

export const hardhat_setMinGasPrice = defineMethod({
  name: 'hardhat_setMinGasPrice',
  aliases: ['anvil_setMinGasPrice'],
  summary: 'Always refused, as in Hardhat since London: the base fee is the least price.',
  params: z.tuple([param('minGasPrice', z.unknown())]),
  result: z.never(),
  handle() {
    throw new JsonRpcError(rpcErrorCode.serverError, 'hardhat_setMinGasPrice is not supported when EIP-1559 is active')
  },
})
