import { z } from 'zod'
import { requireBlockNumber } from '../../blocks/resolve-block.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { feeHistory } from '../../fees/fee-history.ts'
import { defineMethod } from '../../method.ts'
import { BlockNumberOrTag } from '../../schemas/block-ref.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'

const maxBlocks = 1_024
const Percentiles = z
  .array(z.number().min(0).max(100))
  .max(100)
  .refine((percentiles) => percentiles.every((value, i) => i === 0 || value >= (percentiles[i - 1] ?? 0)), 'percentiles must ascend')

export const eth_feeHistory = defineMethod({
  name: 'eth_feeHistory',
  summary: 'Base fees, gas use and priority fees at percentiles of gas, of up to 1,024 blocks.',
  params: z.tuple([
    param('blockCount', LooseNumber),
    param('newestBlock', BlockNumberOrTag),
    param('rewardPercentiles', Percentiles.nullish()),
  ]),
  result: z.strictObject({
    oldestBlock: QuantityResult,
    baseFeePerGas: z.array(QuantityResult),
    gasUsedRatio: z.array(z.number().min(0).max(1)).readonly(),
    baseFeePerBlobGas: z.array(QuantityResult),
    blobGasUsedRatio: z.array(z.number()),
    reward: z.array(z.array(QuantityResult)).optional(),
  }),
  handle([blockCount, newest, percentiles], { chain, sealing }) {
    const history = feeHistory(
      { newest: requireBlockNumber(newest, chain), count: BigInt(Math.min(blockCount, maxBlocks)), percentiles: percentiles ?? [] },
      { chain, sealing },
    )
    return {
      oldestBlock: toQuantity(history.oldestBlock),
      baseFeePerGas: history.baseFeePerGas.map(toQuantity),
      gasUsedRatio: history.gasUsedRatio,
      baseFeePerBlobGas: history.baseFeePerGas.map(() => '0x1'),
      blobGasUsedRatio: history.gasUsedRatio.map(() => 0),
      ...(history.reward !== undefined && { reward: history.reward.map((tips) => tips.map(toQuantity)) }),
    }
  },
})
