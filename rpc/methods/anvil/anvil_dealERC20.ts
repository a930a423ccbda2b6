import { z } from 'zod'
import { addressCall, findTokenSlot } from '../../dev/token-slot.ts'
import { defineMethod } from '../../method.ts'
import { LooseQuantity } from '../../schemas/loose-quantity.ts'
import { Address, param } from '../../schemas/primitives.ts'

const balanceOf = '0x70a08231'

export const anvil_dealERC20 = defineMethod({
  name: 'anvil_dealERC20',
  aliases: ['anvil_dealErc20', 'anvil_setERC20Balance', 'hardhat_dealERC20'],
  summary:
    "Sets an account's balance of an ERC-20 token, in the slot that balanceOf reads; the total supply stays. Makes the next block, and so its batch, a dev one.",
  params: z.tuple([param('address', Address), param('token', Address), param('balance', LooseQuantity)]),
  result: z.null(),
  async handle([owner, token, value], { dev, chain, simulator }) {
    const { address, key } = await findTokenSlot({ token, data: addressCall(balanceOf, owner) }, { chain, simulator })
    await dev.edit(() => [{ address, slots: [{ key, value }] }])
    return null
  },
})
