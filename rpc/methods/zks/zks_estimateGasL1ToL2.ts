import { z } from 'zod'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { CallParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { QuantityResult } from '../../schemas/results.ts'
import { JsonRpcError, rpcErrorCode } from '../../transport/errors.ts'

export const zks_estimateGasL1ToL2 = defineMethod({
  name: 'zks_estimateGasL1ToL2',
  summary: 'L2 gas of a deposit: always 0, because it is a withdrawal entry of a block. Calls from L1 are refused: there are none.',
  params: z.tuple([param('transaction', CallParam)]),
  result: QuantityResult,
  handle([{ to, data }]) {
    if (to == null || (data?.length ?? 0) > 0)
      throw new JsonRpcError(rpcErrorCode.serverError, 'L1 to L2 calls are not supported: L1 can only deposit ether')
    return toQuantity(0)
  },
})
