import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseQuantity } from '../../schemas/loose-quantity.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { InvalidParamsError } from '../../transport/errors.ts'

export const anvil_addBalance = defineMethod({
  name: 'anvil_addBalance',
  aliases: ['hardhat_addBalance', 'tenderly_addBalance'],
  summary: 'Adds to the balance of an account, in wei. Makes the next block, and so its batch, a dev one.',
  params: z.tuple([param('address', Address), param('amount', LooseQuantity)]),
  result: z.null(),
  async handle([address, amount], { dev }) {
    await dev.edit((state) => [{ address, balance: addBalance(state.account(address).balance, amount) }])
    return null
  },
})

function addBalance(balance: bigint, amount: bigint): bigint {
  const sum = balance + amount
  if (sum >= 2n ** 256n) throw new InvalidParamsError('balance > 256 bits')
  return sum
}
