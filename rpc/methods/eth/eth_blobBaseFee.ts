import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_blobBaseFee = defineMethod({
  name: 'eth_blobBaseFee',
  summary: 'Always 1, the least that EIP-4844 allows: this chain takes no blobs.',
  params: z.tuple([]),
  result: QuantityResult,
  handle: () => '0x1',
})
