import { z } from 'zod'
import { simulationContext } from '../../blocks/resolve-block.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { suggestedPriorityFee } from '../../fees/suggest-fees.ts'
import { defineMethod } from '../../method.ts'
import { latestRef } from '../../schemas/block-ref.ts'
import { CallParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const zks_estimateFee = defineMethod({
  name: 'zks_estimateFee',
  summary: 'Gas limit with which a transaction succeeds, and fees that it may set for the coming blocks.',
  params: z.tuple([param('transaction', CallParam)]),
  result: z.strictObject({
    gas_limit: QuantityResult,
    gas_per_pubdata_limit: QuantityResult,
    max_fee_per_gas: QuantityResult,
    max_priority_fee_per_gas: QuantityResult,
  }),
  async handle([call], { chain, simulator, sealing }) {
    const gas = await simulator.estimateGas(call, simulationContext(latestRef, chain))
    return {
      gas_limit: toQuantity(gas),
      gas_per_pubdata_limit: toQuantity(0),
      // Room for the base fee to double, as wallets leave.
      max_fee_per_gas: toQuantity(2n * sealing.nextBlock().baseFeePerGas + suggestedPriorityFee),
      max_priority_fee_per_gas: toQuantity(suggestedPriorityFee),
    }
  },
})
