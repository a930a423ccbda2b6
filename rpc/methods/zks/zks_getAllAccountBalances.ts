import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { AddressResult, QuantityResult } from '../../schemas/results.ts'
import { zeroAddress } from '../../zks/addresses.ts'

export const zks_getAllAccountBalances = defineMethod({
  name: 'zks_getAllAccountBalances',
  summary: 'Balances by token: that of ether, under the zero address. No token is bridged, and the node does not look into contracts.',
  params: z.tuple([param('address', Address)]),
  result: z.record(AddressResult, QuantityResult),
  handle: ([address], { chain, state }) => ({
    [zeroAddress]: toQuantity(state.stateAt(chain.head().header.number).account(address).balance),
  }),
})
