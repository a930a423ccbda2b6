import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { requireBlock } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam } from '../../schemas/block-ref.ts'
import { param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const debug_executionWitness = defineMethod({
  name: 'debug_executionWitness',
  summary: 'What a stateless client needs to execute a block: trie nodes, codes, preimages of the keys, and the parent header in RLP.',
  params: z.tuple([param('block', BlockRefParam)]),
  result: z.strictObject({
    state: z.array(DataResult),
    codes: z.array(DataResult),
    keys: z.array(DataResult),
    headers: z.array(DataResult),
  }),
  handle([ref], { chain, witness }) {
    const { state, codes, keys, headers } = witness.executionWitness(requireBlock(ref, chain).header.number)
    return { state: state.map(bytesToHex), codes: codes.map(bytesToHex), keys: keys.map(bytesToHex), headers: headers.map(bytesToHex) }
  },
})
