import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { findBlock } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockNumberOrTag } from '../../schemas/block-ref.ts'
import { Index, param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const eth_getRawTransactionByBlockNumberAndIndex = defineMethod({
  name: 'eth_getRawTransactionByBlockNumberAndIndex',
  summary: 'The signed bytes of a transaction by its place in a sealed block; null where there is none.',
  params: z.tuple([param('block', BlockNumberOrTag), param('index', Index)]),
  result: DataResult.nullable(),
  handle([ref, index], { chain }) {
    const transaction = findBlock(ref, chain)?.transactions[index]
    return transaction === undefined ? null : bytesToHex(transaction.raw)
  },
})
