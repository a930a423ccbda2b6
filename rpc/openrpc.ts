import { z } from 'zod'
import type { MethodDefinition } from './method.ts'
import type { JsonSchema, OpenRpcDocument } from './openrpc-document.ts'

/** The OpenRPC document of these methods; an alias is listed as a method of its own. */
export function describeMethods(definitions: readonly MethodDefinition[], version: string): OpenRpcDocument {
  return {
    openrpc: '1.3.2',
    info: { title: 'zkdevnet', version, description: 'JSON-RPC of a zkdevnet node, over HTTP and WebSocket.' },
    methods: definitions.flatMap((definition) =>
      [definition.name, ...(definition.aliases ?? [])].map((name) => describe(name, definition)),
    ),
  }
}

function describe(name: string, { summary, params, result }: MethodDefinition): OpenRpcDocument['methods'][number] {
  return {
    name,
    summary,
    params: paramsOf(params).map((item) => ({ name: item.name, required: item.required, schema: item.schema })),
    result: { name: 'result', schema: jsonSchemaOf(result, 'output') },
    paramStructure: 'by-position',
  }
}

export interface ParamDescription {
  readonly name: string
  readonly required: boolean
  readonly schema: JsonSchema
}

export function paramsOf(params: z.ZodTuple): ParamDescription[] {
  return params.def.items.map((item, index) => {
    const { param, ...schema } = jsonSchemaOf(item, 'input')
    return { name: typeof param === 'string' ? param : `param${index}`, required: item._zod.optin === undefined, schema }
  })
}

function jsonSchemaOf(schema: z.core.$ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
