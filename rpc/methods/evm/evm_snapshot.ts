import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const evm_snapshot = defineMethod({
  name: 'evm_snapshot',
  aliases: ['anvil_snapshot'],
  summary: "Takes a snapshot of the whole devnet (on the devnet's own L1: both layers) and returns its id.",
  params: z.tuple([]),
  result: QuantityResult,
  handle: async (_params, { snapshots }) => toQuantity(await snapshots.take()),
})
