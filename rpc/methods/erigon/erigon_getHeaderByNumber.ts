import { z } from 'zod'
import { findBlock } from '../../blocks/resolve-block.ts'
import { headerToJson } from '../../encoding/block-json.ts'
import { defineMethod } from '../../method.ts'
import { BlockNumberOrTag } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { HeadResult } from '../../schemas/results.ts'

export const erigon_getHeaderByNumber = defineMethod({
  name: 'erigon_getHeaderByNumber',
  summary: 'A header by number or tag, by which Otterscan knows a node that it can use; null for an unknown block.',
  params: z.tuple([param('block', BlockNumberOrTag)]),
  result: HeadResult.nullable(),
  handle([ref], { chain }) {
    const block = findBlock(ref, chain)
    return block === undefined ? null : { ...headerToJson(block.header), hash: block.hash }
  },
})
