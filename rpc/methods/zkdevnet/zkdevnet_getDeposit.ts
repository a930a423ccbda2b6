import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { param, Quantity64 } from '../../schemas/primitives.ts'
import { AddressResult, HashResult, QuantityResult } from '../../schemas/results.ts'

export const zkdevnet_getDeposit = defineMethod({
  name: 'zkdevnet_getDeposit',
  summary: 'An ETH deposit by its Inbox index, whether it is credited on L2, and in which block; null for an unknown one.',
  params: z.tuple([param('inboxIndex', Quantity64)]),
  result: z
    .strictObject({
      inboxIndex: QuantityResult,
      sender: AddressResult,
      to: AddressResult,
      amountGwei: QuantityResult,
      l1TxHash: HashResult,
      credited: z.boolean(),
      l2BlockNumber: QuantityResult.nullable(),
    })
    .nullable(),
  handle([inboxIndex], { batches }) {
    const deposit = batches.deposit(inboxIndex)
    if (deposit === undefined) return null
    const { sender, to, amountGwei, l1TxHash, credited, l2BlockNumber } = deposit
    return {
      inboxIndex: toQuantity(deposit.inboxIndex),
      sender,
      to,
      amountGwei: toQuantity(amountGwei),
      l1TxHash,
      credited,
      l2BlockNumber: l2BlockNumber === null ? null : toQuantity(l2BlockNumber),
    }
  },
})
