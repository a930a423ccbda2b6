import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { requireBlockNumber } from '../../blocks/resolve-block.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { DataResult, QuantityResult } from '../../schemas/results.ts'

export const eth_getAccountInfo = defineMethod({
  name: 'eth_getAccountInfo',
  summary: 'Balance, nonce and code of an account after a block.',
  params: z.tuple([param('address', Address), param('block', BlockRefParam.nullish())]),
  result: z.strictObject({ balance: QuantityResult, nonce: QuantityResult, code: DataResult }),
  handle([address, ref], { chain, state }) {
    const view = state.stateAt(requireBlockNumber(ref ?? latestRef, chain))
    const { balance, nonce } = view.account(address)
    return { balance: toQuantity(balance), nonce: toQuantity(nonce), code: bytesToHex(view.code(address)) }
  },
})
