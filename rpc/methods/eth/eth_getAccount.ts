import { z } from 'zod'
import { requireBlockNumber } from '../../blocks/resolve-block.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { HashResult, QuantityResult } from '../../schemas/results.ts'

export const eth_getAccount = defineMethod({
  name: 'eth_getAccount',
  summary: 'An account after a block as the account trie holds it.',
  params: z.tuple([param('address', Address), param('block', BlockRefParam.nullish())]),
  result: z.strictObject({ balance: QuantityResult, nonce: QuantityResult, codeHash: HashResult, storageRoot: HashResult }),
  handle([address, ref], { chain, state }) {
    const { balance, nonce, codeHash, storageRoot } = state.stateAt(requireBlockNumber(ref ?? latestRef, chain)).account(address)
    return { balance: toQuantity(balance), nonce: toQuantity(nonce), codeHash, storageRoot }
  },
})
