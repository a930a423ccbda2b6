export type JsonSchema = Readonly<Record<string, unknown>>

interface OpenRpcMethod {
  readonly name: string
  readonly summary: string
  readonly params: readonly { readonly name: string; readonly required: boolean; readonly schema: JsonSchema }[]
  readonly result: { readonly name: string; readonly schema: JsonSchema }
  readonly paramStructure: 'by-position'
}

/** OpenRPC 1.3, as far as this server fills it in. */
export interface OpenRpcDocument {
  readonly openrpc: '1.3.2'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly methods: readonly OpenRpcMethod[]
}
