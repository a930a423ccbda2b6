import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'
import { InvalidParamsError } from '../../transport/errors.ts'

export const anvil_rollback = defineMethod({
  name: 'anvil_rollback',
  summary:
    'Drops so many of the newest blocks (1 by default) with their transactions, as far as no batch of them is committed on L1. evm_revert goes further.',
  params: z.tuple([param('blocks', LooseNumber.nullish())]),
  result: z.null(),
  async handle([blocks], { chain, snapshots }) {
    const target = chain.head().header.number - BigInt(blocks ?? 1)
    if (target < chain.historyStart()) throw new InvalidParamsError(`there are no ${blocks} blocks to drop`)
    await snapshots.rollbackTo(target)
    return null
  },
})
