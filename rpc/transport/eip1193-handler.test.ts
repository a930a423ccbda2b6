import { EventEmitter } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { post, rpcBody, TestSocket } from '../testing/raw-client.ts'
import { createRecordingLog } from '../testing/recording-log.ts'
import { createEip1193Handler, type SubscribableProvider } from './eip1193-handler.ts'
import { type JsonRpcServer, startJsonRpcServer } from './server.ts'

class FakeProvider extends EventEmitter implements SubscribableProvider {
  readonly unsubscribed = new EventEmitter()
  #subscriptions = 0

  async request({ method, params }: { method: string; params?: readonly unknown[] }): Promise<unknown> {
    switch (method) {
      case 'echo':
        return params
      case 'eth_subscribe':
        this.#subscriptions += 1
        return `0x${this.#subscriptions}`
      case 'eth_unsubscribe':
        this.unsubscribed.emit('id', params?.[0])
        return true
      case 'revert':
        throw Object.assign(new Error('execution reverted'), { code: -1, data: { data: '0x08c379a0', message: 'm' } })
      case 'refuse':
        throw Object.assign(new Error('nonce too low'), { code: -32000 })
      default:
        throw new Error('bug in the provider')
    }
  }

  tell(subscription: string, result: unknown): void {
    this.emit('message', { type: 'eth_subscription', data: { subscription, result } })
  }
}

let server: JsonRpcServer | undefined

async function start(provider: SubscribableProvider): Promise<string> {
  server = await startJsonRpcServer({ host: '127.0.0.1', port: 0, handler: createEip1193Handler(provider), log: createRecordingLog().log })
  return server.url
}

afterEach(() => server?.close())

describe('createEip1193Handler', () => {
  it('passes requests on and hands errors back in their wire form', async () => {
    const url = await start(new FakeProvider())
    expect((await post(url, rpcBody('echo', [1, 'a']))).json).toMatchObject({ result: [1, 'a'] })
    expect((await post(url, '{"jsonrpc":"2.0","id":1,"method":"echo"}')).json).toMatchObject({ result: [] })
    expect((await post(url, rpcBody('revert'))).json).toMatchObject({
      error: { code: 3, message: 'execution reverted', data: '0x08c379a0' },
    })
    expect((await post(url, rpcBody('refuse'))).json).toMatchObject({ error: { code: -32000, message: 'nonce too low' } })
    expect((await post(url, rpcBody('other'))).json).toMatchObject({ error: { code: -32603 } })
    expect((await post(url, rpcBody('echo', { a: 1 }))).json).toMatchObject({ error: { code: -32602 } })
  })

  it('refuses subscriptions over HTTP', async () => {
    const url = await start(new FakeProvider())
    expect((await post(url, rpcBody('eth_subscribe', ['newHeads']))).json).toMatchObject({
      error: { code: -32601, message: 'notifications not supported' },
    })
  })

  it('notifies only the socket that subscribed, and unsubscribes when it leaves', async () => {
    const provider = new FakeProvider()
    const url = await start(provider)
    const [first, second] = [await TestSocket.connect(url), await TestSocket.connect(url)]
    expect(await first.call('eth_subscribe', ['newHeads'])).toMatchObject({ result: '0x1' })
    expect(await second.call('eth_subscribe', ['newHeads'])).toMatchObject({ result: '0x2' })
    provider.tell('0x1', 'a')
    provider.tell('0x2', 'b')
    provider.tell('0x3', 'c')
    provider.emit('message', { type: 'other' })
    expect(await first.next()).toEqual({ jsonrpc: '2.0', method: 'eth_subscription', params: { subscription: '0x1', result: 'a' } })
    expect(await second.next()).toMatchObject({ params: { subscription: '0x2', result: 'b' } })

    expect(await second.call('eth_unsubscribe', ['0x1'])).toMatchObject({ result: false })
    const gone = new Promise((resolve) => provider.unsubscribed.once('id', resolve))
    first.close()
    expect(await gone).toBe('0x1')
    provider.tell('0x1', 'nobody listens')
    provider.tell('0x2', 'still here')
    expect(await second.next()).toMatchObject({ params: { result: 'still here' } })
    expect(await second.call('eth_unsubscribe', ['0x2'])).toMatchObject({ result: true })
    provider.tell('0x2', 'unsubscribed')
    expect(await second.call('echo', ['next'])).toMatchObject({ result: ['next'] })
    second.close()
  })
})
