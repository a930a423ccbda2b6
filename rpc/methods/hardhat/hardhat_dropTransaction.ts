import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { JsonRpcError, rpcErrorCode } from '../../transport/errors.ts'

export const hardhat_dropTransaction = defineMethod({
  name: 'hardhat_dropTransaction',
  summary: 'Takes a transaction out of the pool; false where it is not there. One that is sealed cannot be dropped.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: z.boolean(),
  async handle([hash], { dev, chain }) {
    if (await dev.drop(hash)) return true
    if (chain.transaction(hash) === undefined) return false
    throw new JsonRpcError(rpcErrorCode.serverError, `Transaction ${hash} cannot be dropped because it's already mined`)
  },
})
