import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { LooseNumber, param } from '../../schemas/primitives.ts'

export const evm_revert = defineMethod({
  name: 'evm_revert',
  aliases: ['anvil_revert'],
  summary: 'Goes back to a snapshot, which is used up by that, like all later ones; false for an unknown id.',
  params: z.tuple([param('snapshotId', LooseNumber)]),
  result: z.boolean(),
  handle: ([id], { snapshots }) => snapshots.revert(BigInt(id)),
})
