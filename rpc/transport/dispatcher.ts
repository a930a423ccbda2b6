import { randomUUID } from 'node:crypto'
import type { Logger } from '../../core/index.ts'
import { JsonRpcError, rpcErrorCode } from './errors.ts'
import type { ServerLimits } from './limits.ts'
import { type JsonRpcConnection, type JsonRpcHandler, type JsonRpcRequest, RequestContext } from './request.ts'

/** JSON-RPC 2.0 over text: what HTTP and WebSocket have in common. Never rejects and never throws. */
export class Dispatcher {
  readonly #limits: ServerLimits
  readonly #handler: JsonRpcHandler
  readonly #log: Logger

  constructor(limits: ServerLimits, deps: { readonly handler: JsonRpcHandler; readonly log: Logger }) {
    this.#limits = limits
    this.#handler = deps.handler
    this.#log = deps.log
  }

  /** Answers `text` by one call of `send`; with undefined where nothing but notifications came in. */
  async dispatch(text: string, connection: JsonRpcConnection, send: (response: string | undefined) => void): Promise<void> {
    const context = new RequestContext(connection)
    try {
      send(await this.#respond(text, context))
      for (const listener of context.afterSendListeners) listener()
    } catch (error) {
      this.#log.error({ err: error }, 'response could not be sent')
    }
  }

  async #respond(text: string, context: RequestContext): Promise<string | undefined> {
    let parsed: unknown
    try {
      parsed = JSON.parse(text)
    } catch {
      return errorResponse('null', new JsonRpcError(rpcErrorCode.parseError, 'parse error: the request is not valid JSON'))
    }
    return Array.isArray(parsed) ? this.#batch(parsed, context) : this.#single(parsed, context)
  }

  /** One after the other: a batch of transactions from one sender keeps its order. */
  async #batch(requests: readonly unknown[], context: RequestContext): Promise<string | undefined> {
    const { maxBatchRequests, maxResponseBytes } = this.#limits
    if (requests.length === 0) return errorResponse('null', new JsonRpcError(rpcErrorCode.invalidRequest, 'empty batch'))
    if (requests.length > maxBatchRequests) {
      const message = `batch too large: ${requests.length} requests, at most ${maxBatchRequests} are allowed`
      return errorResponse('null', new JsonRpcError(rpcErrorCode.invalidRequest, message))
    }
    const responses: string[] = []
    let length = 0
    for (const request of requests) {
      let response: string | undefined
      if (length > maxResponseBytes) {
        const id = readId(request)
        response = id === undefined ? undefined : errorResponse(id, new JsonRpcError(rpcErrorCode.responseTooLarge, 'response too large'))
      } else {
        response = await this.#single(request, context)
        length += response?.length ?? 0
      }
      if (response !== undefined) responses.push(response)
    }
    return responses.length === 0 ? undefined : `[${responses.join(',')}]`
  }

  async #single(request: unknown, context: RequestContext): Promise<string | undefined> {
    const id = readId(request)
    if (!isRequest(request)) {
      return errorResponse(id ?? 'null', new JsonRpcError(rpcErrorCode.invalidRequest, 'invalid request'))
    }
    let response: string
    try {
      const result = this.#stringify(await this.#withinTimeLimit(request, context))
      response = `{"jsonrpc":"2.0","id":${id},"result":${result}}`
    } catch (error) {
      response = errorResponse(id ?? 'null', this.#toJsonRpcError(error, request.method))
    }
    return id === undefined ? undefined : response
  }

  #withinTimeLimit(request: JsonRpcRequest, context: RequestContext): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = new JsonRpcError(rpcErrorCode.timedOut, `request timed out after ${this.#limits.requestTimeoutMs} ms`)
        context.abort(error)
        reject(error)
      }, this.#limits.requestTimeoutMs)
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer)
          settle(value)
        }
      try {
        this.#handler.handle(request, context).then(settled(resolve), settled(reject))
      } catch (error) {
        settled(reject)(error)
      }
    })
  }

  #stringify(result: unknown): string {
    let text: string | undefined
    try {
      text = JSON.stringify(result ?? null)
    } catch (error) {
      // Longer than a string can be.
      if (!(error instanceof RangeError)) throw error
    }
    if (text === undefined || text.length > this.#limits.maxResponseBytes) {
      throw new JsonRpcError(rpcErrorCode.responseTooLarge, 'response too large')
    }
    return text
  }

  #toJsonRpcError(error: unknown, method: string): JsonRpcError {
    if (error instanceof JsonRpcError) return error
    const errorId = randomUUID()
    this.#log.error({ err: error, errorId, method: method.slice(0, 200) }, 'request failed unexpectedly')
    return new JsonRpcError(rpcErrorCode.internalError, `internal error, logged by the node as ${errorId}`)
  }
}

/** The id as JSON text; undefined for a notification, which is not answered. */
function readId(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null) return 'null'
  if (!('id' in request)) return undefined
  const id = request.id
  return typeof id === 'string' || typeof id === 'number' ? JSON.stringify(id) : 'null'
}

function isRequest(request: unknown): request is JsonRpcRequest {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return false
  if (!('jsonrpc' in request) || request.jsonrpc !== '2.0') return false
  if (!('method' in request) || typeof request.method !== 'string') return false
  if ('id' in request && request.id !== null && typeof request.id !== 'string' && typeof request.id !== 'number') return false
  return !('params' in request) || request.params === null || typeof request.params === 'object'
}

/** `id` is JSON text. */
export function errorResponse(id: string, error: JsonRpcError): string {
  const body: { code: number; message: string; data?: unknown } = { code: error.rpcCode, message: error.message }
  if (error.data !== undefined) body.data = error.data
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(body)}}`
}
