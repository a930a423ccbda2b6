import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Hash, LooseNumber, param } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'

export const zks_getL2ToL1LogProof = defineMethod({
  name: 'zks_getL2ToL1LogProof',
  summary:
    "Merkle proof of one of a transaction's L2 to L1 messages, by its place in the receipt's `l2ToL1Logs`; null while the batch is not sealed.",
  params: z.tuple([param('transactionHash', Hash), param('index', LooseNumber.nullish())]),
  result: z.strictObject({ id: z.number().int().min(0), proof: z.array(HashResult).readonly(), root: HashResult }).nullable(),
  handle([hash, index], { batches }) {
    const found = batches.messageProofs(hash)?.[index ?? 0]
    if (found === undefined) return null
    const { id, proof, root } = found
    return { id, proof, root }
  },
})
