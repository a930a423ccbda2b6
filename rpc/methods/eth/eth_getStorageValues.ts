import { z } from 'zod'
import { bigintToBytes, bytesToHex, type Hex } from '../../../core/index.ts'
import { defineMethod } from '../../method.ts'
import { BlockRefParam, latestRef } from '../../schemas/block-ref.ts'
import { addressKey } from '../../schemas/call-request.ts'
import { Address, param, Slot } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'
import { readState } from '../../state/read-state.ts'
import { InvalidParamsError } from '../../transport/errors.ts'

const maxSlots = 1_024

export const eth_getStorageValues = defineMethod({
  name: 'eth_getStorageValues',
  summary: 'Values of storage slots of several accounts after a block, 32 bytes each; at most 1,024 together.',
  params: z.tuple([
    param('slots', z.record(Address, z.array(Slot).max(maxSlots)).meta({ title: 'SlotsByAddress' })),
    param('block', BlockRefParam.nullish()),
  ]),
  result: z.record(z.string(), z.array(HashResult)),
  handle([requests, ref], context) {
    const entries = Object.entries(requests).map(([address, slots]) => ({ address: addressKey(address), slots }))
    const count = entries.reduce((sum, { slots }) => sum + slots.length, 0)
    if (count === 0) throw new InvalidParamsError('empty request')
    if (count > maxSlots) throw new InvalidParamsError(`too many slots (max ${maxSlots})`)
    return readState(ref ?? latestRef, context, (state) => {
      const values: Record<Hex, Hex[]> = {}
      for (const { address, slots } of entries) {
        values[address] = slots.map((slot) => bytesToHex(bigintToBytes(state.storage(address, slot), 32)))
      }
      return values
    })
  },
})
