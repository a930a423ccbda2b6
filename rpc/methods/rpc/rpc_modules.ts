import { z } from 'zod'
import { defineMethod } from '../../method.ts'

export const rpc_modules = defineMethod({
  name: 'rpc_modules',
  summary: 'Namespaces that the node serves.',
  params: z.tuple([]),
  result: z.record(z.string(), z.string()),
  handle: (_params, { methodNames }) => Object.fromEntries(methodNames().map((name) => [name.slice(0, name.search(/[._]/)), '1.0'])),
})
