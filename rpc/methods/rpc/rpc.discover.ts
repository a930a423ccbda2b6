import { z } from 'zod'
import { defineMethod } from '../../method.ts'
import type { OpenRpcDocument } from '../../openrpc-document.ts'

export const rpc_discover = defineMethod({
  name: 'rpc.discover',
  summary: 'This interface as an OpenRPC document.',
  params: z.tuple([]),
  result: z.custom<OpenRpcDocument>((value) => typeof value === 'object' && value !== null && 'openrpc' in value),
  handle: (_params, { openRpc }) => openRpc(),
})
