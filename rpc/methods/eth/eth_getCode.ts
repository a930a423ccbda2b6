import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { requireBlockNumber } from '../../blocks/resolve-block.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const eth_getCode = defineMethod({
  name: 'eth_getCode',
  summary: 'Code of an account after a block.',
  params: z.tuple([param('address', Address), param('block', BlockRefParam.nullish())]),
  result: DataResult,
  handle: ([address, ref], { chain, state }) => bytesToHex(state.stateAt(requireBlockNumber(ref ?? latestRef, chain)).code(address)),
})
