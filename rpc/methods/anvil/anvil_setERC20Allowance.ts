import { z } from 'zod'
import { addressCall, findTokenSlot } from '../../dev/token-slot.ts'
import { defineMethod } from '../../method.ts'
import { LooseQuantity } from '../../schemas/loose-quantity.ts'
import { Address, param } from '../../schemas/primitives.ts'

const allowance = '0xdd62ed3e'

export const anvil_setERC20Allowance = defineMethod({
  name: 'anvil_setERC20Allowance',
  summary:
    "Sets what a spender may take of an owner's ERC-20 tokens, in the slot that allowance reads. Makes the next block, and so its batch, a dev one.",
  params: z.tuple([param('owner', Address), param('spender', Address), param('token', Address), param('amount', LooseQuantity)]),
  result: z.null(),
  async handle([owner, spender, token, value], { dev, chain, simulator }) {
    const { address, key } = await findTokenSlot({ token, data: addressCall(allowance, owner, spender) }, { chain, simulator })
    await dev.edit(() => [{ address, slots: [{ key, value }] }])
    return null
  },
})
