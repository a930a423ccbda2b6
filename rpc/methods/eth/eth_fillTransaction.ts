import { z } from 'zod'
import { bytesToHex, keccak256Hex } from '../../../core/index.ts'
import { fillTransaction } from '../../accounts/fill-transaction.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { encodeUnsigned } from '../../encoding/transaction-codec.ts'
import { pooledPlace, transactionToJson } from '../../encoding/transaction-json.ts'
import { defineMethod } from '../../method.ts'
import { FillableParam } from '../../schemas/call-request.ts'
import { param } from '../../schemas/primitives.ts'
import { DataResult, UnsignedTransactionResult } from '../../schemas/results.ts'

const zeroAddress = '0x0000000000000000000000000000000000000000'

export const eth_fillTransaction = defineMethod({
  name: 'eth_fillTransaction',
  summary: 'A transaction with nonce, gas and fees filled in, unsigned: as an object and as bytes with zeros for a signature.',
  params: z.tuple([param('transaction', FillableParam)]),
  result: z.strictObject({ raw: DataResult, tx: UnsignedTransactionResult }),
  async handle([{ from, request }], context) {
    const sender = from ?? zeroAddress
    const raw = encodeUnsigned(await fillTransaction(sender, request, context))
    const json = transactionToJson({ hash: keccak256Hex(raw), raw, sender }, pooledPlace)
    const { blockHash: _hash, blockNumber: _number, transactionIndex: _index, l1BatchNumber: _batch, l1BatchTxIndex: _place, ...tx } = json
    return { raw: bytesToHex(raw), tx: { ...tx, chainId: toQuantity(context.chain.chainId) } }
  },
})
