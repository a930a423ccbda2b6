import { z } from 'zod'
import { bigintToBytes, bytesToHex } from '../../../core/index.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { Address, param, Slot } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'
import { readState } from '../../state/read-state.ts'

export const eth_getStorageAt = defineMethod({
  name: 'eth_getStorageAt',
  summary: 'Value of a storage slot after a block, 32 bytes.',
  params: z.tuple([param('address', Address), param('slot', Slot), param('block', BlockRefParam.nullish())]),
  result: HashResult,
  handle: ([address, slot, ref], context) =>
    readState(ref ?? latestRef, context, (state) => bytesToHex(bigintToBytes(state.storage(address, slot), 32))),
})
