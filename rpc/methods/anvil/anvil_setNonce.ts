import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseQuantity64 } from '../../schemas/loose-quantity.ts'
import { Address, param } from '../../schemas/primitives.ts'

export const anvil_setNonce = defineMethod({
  name: 'anvil_setNonce',
  aliases: ['evm_setAccountNonce'],
  summary:
    'Sets the nonce of an account, upwards or downwards; pooled transactions below it are dropped. Makes the next block, and so its batch, a dev one.',
  params: z.tuple([param('address', Address), param('nonce', LooseQuantity64)]),
  result: z.null(),
  async handle([address, nonce], { dev }) {
    await dev.edit(() => [{ address, nonce }])
    return null
  },
})
