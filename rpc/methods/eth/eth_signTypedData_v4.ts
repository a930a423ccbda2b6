import { z } from 'zod'
import { TypedDataParam } from '../../accounts/typed-data.ts'
import { defineMethod } from '../../method.ts'
import { Address, param } from '../../schemas/primitives.ts'
import { DataResult } from '../../schemas/results.ts'

export const eth_signTypedData_v4 = defineMethod({
  name: 'eth_signTypedData_v4',
  aliases: ['eth_signTypedData', 'eth_signTypedData_v3'],
  summary: 'Signature of a dev account over typed data (EIP-712), given as an object or as JSON text.',
  params: z.tuple([param('address', Address), param('typedData', TypedDataParam)]),
  result: DataResult,
  handle: ([address, typedData], { accounts }) => accounts.signTypedData(address, typedData),
})
