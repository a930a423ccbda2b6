import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Address, Data, param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const eth_sign = defineMethod({
  name: 'eth_sign',
  summary: 'Signature of a dev account over a message, with the prefix of EIP-191.',
  params: z.tuple([param('address', Address), param('message', Data)]),
  result: DataResult,
  handle: ([address, message], { accounts }) => accounts.signMessage(address, message),
})
