import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { suggestedPriorityFee } from '../../fees/suggest-fees.ts'
import { defineMethod } from '../../method.ts'
import { HashResult, QuantityResult } from '../../schemas/results.ts'

export const anvil_nodeInfo = defineMethod({
  name: 'anvil_nodeInfo',
  summary: "Where the chain stands and what the next block will be like, in anvil's shape. The rollup is in zkdevnet_nodeInfo.",
  params: z.tuple([]),
  result: z.strictObject({
    currentBlockNumber: QuantityResult,
    currentBlockTimestamp: z.number(),
    currentBlockHash: HashResult,
    hardFork: z.literal('Osaka'),
    transactionOrder: z.literal('fees'),
    environment: z.strictObject({
      baseFee: QuantityResult,
      chainId: z.number(),
      gasLimit: QuantityResult,
      gasPrice: QuantityResult,
    }),
    forkConfig: z.strictObject({ forkUrl: z.null(), forkBlockNumber: z.null(), forkRetryBackoff: z.null() }),
  }),
  handle(_params, { chain, sealing }) {
    const { hash, header } = chain.head()
    const { baseFeePerGas, gasLimit } = sealing.nextBlock()
    return {
      currentBlockNumber: toQuantity(header.number),
      currentBlockTimestamp: Number(header.timestamp),
      currentBlockHash: hash,
      hardFork: 'Osaka' as const,
      transactionOrder: 'fees' as const,
      environment: {
        baseFee: toQuantity(baseFeePerGas),
        chainId: Number(chain.chainId),
        gasLimit: toQuantity(gasLimit),
        gasPrice: toQuantity(baseFeePerGas + suggestedPriorityFee),
      },
      forkConfig: { forkUrl: null, forkBlockNumber: null, forkRetryBackoff: null },
    }
  },
})
