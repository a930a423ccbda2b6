import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Data, param } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'

export const eth_sendRawTransaction = defineMethod({
  name: 'eth_sendRawTransaction',
  summary: 'Accepts a signed transaction and returns its hash; with automine it is sealed by then.',
  params: z.tuple([param('transaction', Data)]),
  result: HashResult,
  handle: ([raw], { pool }) => pool.submit(raw),
})
