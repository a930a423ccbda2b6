import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import { Data, param } from '../../schemas/primitives.ts'
import { HashResult } from '../../schemas/results.ts'

export const eth_sendRawTransaction = defineMethod({
  name: 'eth_sendRawTransaction',
  summary: 'Accepts a signed transaction and returns its hash; with automine every later request finds it sealed.',
  params: z.tuple([param('transaction', Data)]),
  result: HashResult,
  async handle([raw], { pool, promised }) {
    const { hash, sealed } = await pool.accept(raw)
    promised.add(sealed)
    return hash
  },
})
