import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Address, Hash, param, Slot } from '../../schemas/primitives.ts'

export const hardhat_setStorageAt = defineMethod({
  name: 'hardhat_setStorageAt',
  aliases: ['anvil_setStorageAt'],
  summary:
    'Sets a storage slot, 32 bytes. An account that would be empty without it gets nonce 1. Makes the next block, and so its batch, a dev one.',
  params: z.tuple([param('address', Address), param('slot', Slot), param('value', Hash)]),
  result: z.literal(true),
  async handle([address, key, value], { dev }) {
    await dev.edit(() => [{ address, slots: [{ key, value: BigInt(value) }] }])
    return true as const
  },
})
