import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Address, Data, param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const personal_sign = defineMethod({
  name: 'personal_sign',
  summary: 'Signature of a dev account over a message, with the prefix of EIP-191. A password is not looked at.',
  params: z.tuple([param('message', Data), param('address', Address), param('password', z.string().nullish())]),
  result: DataResult,
  handle: ([message, address], { accounts }) => accounts.signMessage(address, message),
})
