import { z } from 'zod'
import { decodeTransaction } from '../../encoding/transaction-codec.ts'
import { defineMethod } from '../../method.ts'
import { firstBlock } from '../../otterscan/transaction-search.ts'
import { Address, LooseNumber, param } from '../../schemas/primitives.ts'
import { TransactionResult } from '../../schemas/results.ts'
import { eth_getTransactionByHash } from './eth_getTransactionByHash.ts'

export const eth_getTransactionBySenderAndNonce = defineMethod({
  name: 'eth_getTransactionBySenderAndNonce',
  summary: 'The sealed or pooled transaction of a sender with this nonce; null where there is none.',
  params: z.tuple([param('address', Address), param('nonce', LooseNumber)]),
  result: TransactionResult.nullable(),
  async handle([address, nonce], context) {
    const { chain, state, pool } = context
    const wanted = BigInt(nonce)
    const pooled = [...pool.pending(), ...pool.queued()].find((entry) => entry.sender === address && entry.nonce === wanted)
    const block = firstBlock(chain, (number) => state.stateAt(number).account(address).nonce > wanted)
    const hash =
      pooled?.hash ?? block?.transactions.find(({ sender, raw }) => sender === address && decodeTransaction(raw).nonce === wanted)?.hash
    return hash === undefined ? null : eth_getTransactionByHash.handle([hash], context)
  },
})
