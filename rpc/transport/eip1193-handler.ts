import type { Eip1193Provider } from '../../core/index.ts'
import { InvalidParamsError, JsonRpcError, rpcErrorCode } from './errors.ts'
import type { JsonRpcConnection, JsonRpcHandler, JsonRpcRequest, RequestContext } from './request.ts'

/** An EIP-1193 provider that can tell of its subscriptions. */
export interface SubscribableProvider extends Eip1193Provider {
  on?(event: 'message', listener: (message: unknown) => void): unknown
}

const hexPattern = /^0x[0-9a-fA-F]*$/

/** Serves an EIP-1193 provider; a subscription's notifications go to the WebSocket that asked for it, and end with it. */
export function createEip1193Handler(provider: SubscribableProvider): JsonRpcHandler {
  const subscribers = new Map<string, JsonRpcConnection>()
  provider.on?.('message', (message) => {
    if (!isSubscriptionMessage(message)) return
    subscribers.get(message.data.subscription)?.notify('eth_subscription', message.data)
  })

  async function request({ method, params }: JsonRpcRequest): Promise<unknown> {
    if (params !== undefined && params !== null && !Array.isArray(params)) throw new InvalidParamsError('non-array args')
    try {
      return await provider.request({ method, params: params ?? [] })
    } catch (error) {
      throw translate(error)
    }
  }

  const unsubscribe = (id: string): void => {
    subscribers.delete(id)
    void provider.request({ method: 'eth_unsubscribe', params: [id] }).catch(() => undefined)
  }

  async function subscribe(call: JsonRpcRequest, context: RequestContext): Promise<unknown> {
    const { connection } = context
    if (!connection.canNotify) throw new JsonRpcError(rpcErrorCode.methodNotFound, 'notifications not supported')
    const id = await request(call)
    if (typeof id !== 'string') return id
    context.afterSend(() => {
      if (connection.signal.aborted) {
        unsubscribe(id)
        return
      }
      subscribers.set(id, connection)
      connection.signal.addEventListener('abort', () => unsubscribe(id), { once: true })
    })
    return id
  }

  /** A subscription of another connection is unknown to this one. */
  async function endSubscription(call: JsonRpcRequest, { connection }: RequestContext): Promise<unknown> {
    const id: unknown = Array.isArray(call.params) ? call.params[0] : undefined
    if (typeof id !== 'string' || subscribers.get(id) !== connection) return false
    subscribers.delete(id)
    return request(call)
  }

  return {
    handle(call, context) {
      if (call.method === 'eth_subscribe') return subscribe(call, context)
      return call.method === 'eth_unsubscribe' ? endSubscription(call, context) : request(call)
    },
  }
}

/** A provider's rejection as the wire form that clients know: code 3 with the raw return data for reverts. */
function translate(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const data = 'data' in error ? error.data : undefined
  const code = 'code' in error && typeof error.code === 'number' ? error.code : undefined
  const returnData = hexIn(data)
  if (returnData !== undefined && (code === undefined || code === rpcErrorCode.reverted || code === -1)) {
    return new JsonRpcError(rpcErrorCode.reverted, error.message, returnData)
  }
  return code === undefined || !Number.isInteger(code) ? error : new JsonRpcError(code, error.message, data ?? undefined)
}

function hexIn(data: unknown): string | undefined {
  if (typeof data === 'string') return hexPattern.test(data) ? data : undefined
  return typeof data === 'object' && data !== null && 'data' in data ? hexIn(data.data) : undefined
}

function isSubscriptionMessage(message: unknown): message is { data: { subscription: string; result: unknown } } {
  if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'eth_subscription') return false
  if (!('data' in message) || typeof message.data !== 'object' || message.data === null) return false
  return 'subscription' in message.data && typeof message.data.subscription === 'string'
}
