import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'
import { readState } from '../../state/read-state.ts'

export const eth_getCode = defineMethod({
  name: 'eth_getCode',
  summary: 'Code of an account after a block.',
  params: z.tuple([param('address', Address), param('block', BlockRefParam.nullish())]),
  result: DataResult,
  handle: ([address, ref], context) => readState(ref ?? latestRef, context, (state) => bytesToHex(state.code(address))),
})
