import { z } from 'zod'
import { keccak256Hex } from '../../../core/index.ts'
import { defineMethod } from '../../method.ts'
import { Data, param } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'

export const web3_sha3 = defineMethod({
  name: 'web3_sha3',
  summary: 'Keccak-256 of the data.',
  params: z.tuple([param('data', Data)]),
  result: HashResult,
  handle: ([data]) => keccak256Hex(data),
})
