import { z } from 'zod'
import { decodeTransaction } from '../../encoding/transaction-codec.ts'
import { defineMethod } from '../../method.ts'
import { firstBlock } from '../../otterscan/transaction-search.ts'
import { Address, LooseNumber, param } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'

export const ots_getTransactionBySenderAndNonce = defineMethod({
  name: 'ots_getTransactionBySenderAndNonce',
  summary: 'Hash of the sealed transaction of a sender with this nonce; null where there is none.',
  params: z.tuple([param('address', Address), param('nonce', LooseNumber)]),
  result: HashResult.nullable(),
  handle([address, wanted], { chain, state }) {
    const nonce = BigInt(wanted)
    const block = firstBlock(chain, (number) => state.stateAt(number).account(address).nonce > nonce)
    const found = block?.transactions.find(({ sender, raw }) => sender === address && decodeTransaction(raw).nonce === nonce)
    return found?.hash ?? null
  },
})
