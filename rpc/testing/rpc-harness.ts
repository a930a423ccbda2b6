import type { RpcLimits } from '../deps.ts'
import type { MethodDefinition } from '../method.ts'
import { methods } from '../methods/index.ts'
import { createNodeHandler } from '../node-handler.ts'
import { JsonRpcError } from '../transport/errors.ts'
import { type JsonRpcConnection, RequestContext } from '../transport/request.ts'
import { createFakeNode, type FakeNode } from './fake-node.ts'

const definitions: ReadonlyMap<string, MethodDefinition> = new Map(
  methods.flatMap((definition) => [definition.name, ...(definition.aliases ?? [])].map((name) => [name, definition] as const)),
)

/** A connection that keeps its notifications. */
export class FakeConnection implements JsonRpcConnection {
  readonly canNotify: boolean
  readonly notifications: unknown[] = []
  readonly #controller = new AbortController()
  readonly signal = this.#controller.signal

  constructor(kind: 'http' | 'websocket') {
    this.canNotify = kind === 'websocket'
  }

  notify(_method: string, params: unknown): void {
    this.notifications.push(params)
  }

  close(): void {
    this.#controller.abort()
  }
}

/** Calls methods without a network, and holds every result to its schema. */
export interface RpcHarness extends FakeNode {
  call(method: string, params?: unknown, connection?: JsonRpcConnection): Promise<unknown>
  /** The error of a call that has to fail with a JSON-RPC error. */
  fail(method: string, params?: unknown, connection?: JsonRpcConnection): Promise<{ code: number; message: string; data: unknown }>
}

export function createHarness(limits: Partial<RpcLimits> = {}): RpcHarness {
  const node = createFakeNode()
  const handler = createNodeHandler(node.deps, limits)
  const http = new FakeConnection('http')
  const call: RpcHarness['call'] = async (method, params = [], connection = http) => {
    const context = new RequestContext(connection)
    const result = await handler.handle({ method, params }, context)
    // What goes over the wire has no undefined and no bigint.
    const wire: unknown = JSON.parse(JSON.stringify(result ?? null))
    definitions.get(method)?.result.parse(wire)
    for (const listener of context.afterSendListeners) listener()
    return wire
  }
  return {
    ...node,
    call,
    async fail(method, params, connection) {
      try {
        await call(method, params, connection)
      } catch (error) {
        if (error instanceof JsonRpcError) return { code: error.rpcCode, message: error.message, data: error.data }
        throw error
      }
      throw new Error(`${method} succeeded`)
    },
  }
}
