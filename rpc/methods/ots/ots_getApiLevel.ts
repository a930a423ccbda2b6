import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const ots_getApiLevel = defineMethod({
  name: 'ots_getApiLevel',
  summary: 'Version of the ots_ methods: 8.',
  params: z.tuple([]),
  result: z.number(),
  handle: () => 8,
})
