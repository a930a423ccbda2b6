import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseQuantity64 } from '../../schemas/loose-quantity.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { InvalidParamsError, JsonRpcError, rpcErrorCode } from '../../transport/errors.ts'

export const hardhat_setNonce = defineMethod({
  name: 'hardhat_setNonce',
  summary:
    'Raises the nonce of an account that has nothing in the pool (anvil_setNonce sets any). Makes the next block, and so its batch, a dev one.',
  params: z.tuple([param('address', Address), param('nonce', LooseQuantity64)]),
  result: z.literal(true),
  async handle([address, nonce], { dev, pool }) {
    if ([...pool.pending(), ...pool.queued()].some(({ sender }) => sender === address)) {
      throw new JsonRpcError(rpcErrorCode.serverError, 'Cannot set account nonce when the transaction pool is not empty')
    }
    await dev.edit((state) => {
      const before = state.account(address).nonce
      if (nonce < before) throw new InvalidParamsError(`New nonce (${nonce}) must not be smaller than the existing nonce (${before})`)
      return [{ address, nonce }]
    })
    return true as const
  },
})
