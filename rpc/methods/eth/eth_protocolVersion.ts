import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { QuantityResult } from '../../schemas/results.ts'

export const eth_protocolVersion = defineMethod({
  name: 'eth_protocolVersion',
  summary: 'Version of the eth wire protocol whose blocks and transactions the node speaks (68); it has no peers to speak it with.',
  params: z.tuple([]),
  result: QuantityResult,
  handle: () => '0x44',
})
