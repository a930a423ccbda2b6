import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { readState } from '../../state/read-state.ts'

export const ots_hasCode = defineMethod({
  name: 'ots_hasCode',
  summary: 'Whether an account has code after a block.',
  params: z.tuple([param('address', Address), param('block', BlockRefParam.nullish())]),
  result: z.boolean(),
  handle: ([address, ref], context) => readState(ref ?? latestRef, context, (state) => state.code(address).length > 0),
})
