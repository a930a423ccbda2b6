import { z } from 'zod'
import { bytesToHex } from '../../../core/index.ts'
import { toQuantity } from '../../encoding/quantity.ts'
import { defineMethod } from '../../method.ts'
import { Hash, param } from '../../schemas/primitives.ts'
import { AddressResult, DataResult, HashResult, QuantityResult } from '../../schemas/results.ts'

export const zkdevnet_getMessageProofs = defineMethod({
  name: 'zkdevnet_getMessageProofs',
  summary: 'Merkle proofs of the L2 to L1 messages that a transaction sent (docs/formats.md §4); null while its batch is not sealed.',
  params: z.tuple([param('transactionHash', Hash)]),
  result: z
    .array(
      z.strictObject({
        batchNumber: QuantityResult,
        id: QuantityResult,
        txNumberInBatch: QuantityResult,
        sender: AddressResult,
        message: DataResult,
        proof: z.array(HashResult).readonly(),
        root: HashResult,
      }),
    )
    .nullable(),
  handle([hash], { batches }) {
    const proofs = batches.messageProofs(hash)
    if (proofs === null) return null
    return proofs.map(({ batchNumber, id, txNumberInBatch, sender, message, proof, root }) => ({
      batchNumber: toQuantity(batchNumber),
      id: toQuantity(id),
      txNumberInBatch: toQuantity(txNumberInBatch),
      sender,
      message: bytesToHex(message),
      proof,
      root,
    }))
  },
})
