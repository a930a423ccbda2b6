import { createServer, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { post, rpcBody, TestSocket } from '../testing/raw-client.ts'
import { createRecordingLog } from '../testing/recording-log.ts'
import { JsonRpcError } from './errors.ts'
import type { JsonRpcHandler, RequestContext } from './request.ts'
import { type JsonRpcServer, type JsonRpcServerOptions, startJsonRpcServer } from './server.ts'

const servers: JsonRpcServer[] = []
const { log, entries } = createRecordingLog()

const methods: Record<string, (params: unknown, context: RequestContext) => unknown> = {
  echo: (params) => params,
  nothing: () => undefined,
  fail: () => {
    throw new JsonRpcError(-32000, 'nonce too low', { a: 1 })
  },
  crash: () => {
    throw new TypeError('secret detail')
  },
  big: () => 'x'.repeat(5_000),
  bigint: () => 1n,
  hang: (_params, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
}

const handler: JsonRpcHandler = {
  async handle({ method, params }, context) {
    if (method === 'notifyLater') {
      context.afterSend(() => context.connection.notify('tick', { n: 1 }))
      return 'subscribed'
    }
    if (method === 'flood') {
      for (let i = 0; i < 2_000 && !context.connection.signal.aborted; i++) context.connection.notify('tick', 'x'.repeat(10_000))
      return context.connection.signal.aborted
    }
    const run = methods[method]
    if (run === undefined) throw new JsonRpcError(-32601, `the method ${method} does not exist/is not available`)
    return run(params, context)
  },
}

async function start(options: Partial<JsonRpcServerOptions> = {}): Promise<JsonRpcServer> {
  const server = await startJsonRpcServer({ host: '127.0.0.1', port: 0, handler, log, ...options })
  servers.push(server)
  return server
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
  entries.length = 0
})

const errorOf = (code: number, message: unknown = expect.any(String)) => ({
  jsonrpc: '2.0',
  id: null,
  error: { code, message },
})

describe('requests over HTTP', () => {
  it('are answered with their id, and undefined as null', async () => {
    const { url } = await start()
    expect((await post(url, rpcBody('echo', [1], 'abc'))).json).toEqual({ jsonrpc: '2.0', id: 'abc', result: [1] })
    expect((await post(url, rpcBody('nothing', [], 0))).json).toEqual({ jsonrpc: '2.0', id: 0, result: null })
  })

  it('that fail carry code, message and data', async () => {
    const { url } = await start()
    expect((await post(url, rpcBody('fail'))).json).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32000, message: 'nonce too low', data: { a: 1 } },
    })
  })

  it.each(['{', '', 'null{', '{"a":', '[1,', '\u0000'])('that are not JSON get a parse error: %j', async (body) => {
    const { url } = await start()
    expect((await post(url, body)).json).toEqual(errorOf(-32700))
  })

  it.each([
    '1',
    'null',
    '"text"',
    '{}',
    '{"jsonrpc":"2.0","id":null}',
    '{"jsonrpc":"1.0","id":null,"method":"echo"}',
    '{"jsonrpc":"2.0","id":null,"method":5}',
    '{"jsonrpc":"2.0","id":{},"method":"echo"}',
    '{"jsonrpc":"2.0","id":null,"method":"echo","params":3}',
    '[]',
  ])('that are not requests get an invalid request error: %s', async (body) => {
    const { url } = await start()
    expect((await post(url, body)).json).toEqual(errorOf(-32600))
  })

  it('survive an input nested a million levels deep', async () => {
    const { url } = await start()
    await post(url, '['.repeat(1_000_000))
    await post(url, `{"jsonrpc":"2.0","id":1,"method":"echo","params":${'['.repeat(500_000)}${']'.repeat(500_000)}}`)
    expect((await post(url, rpcBody('echo', [1]))).json).toMatchObject({ result: [1] })
  })

  it('that hit a bug are logged with an id and answered without details', async () => {
    const { url } = await start()
    const { text, json } = await post(url, rpcBody('crash'))
    expect(text).not.toContain('secret')
    expect(json).toMatchObject({ error: { code: -32603 } })
    const [entry] = entries
    expect(entry).toMatchObject({ level: 'error', fields: { method: 'crash', err: expect.any(TypeError) } })
    expect(text).toContain(entry !== undefined && 'errorId' in entry.fields ? entry.fields.errorId : 'missing')
    expect((await post(url, rpcBody('bigint'))).json).toMatchObject({ error: { code: -32603 } })
  })

  it('that are notifications are not answered', async () => {
    const { url } = await start()
    const { status, text } = await post(url, '{"jsonrpc":"2.0","method":"fail"}')
    expect([status, text]).toEqual([204, ''])
  })

  it('that take too long are answered and aborted', async () => {
    const { url } = await start({ limits: { requestTimeoutMs: 20 } })
    expect((await post(url, rpcBody('hang'))).json).toMatchObject({ error: { code: -32002 } })
  })

  it('with a response over the limit get an error', async () => {
    const { url } = await start({ limits: { maxResponseBytes: 4_000 } })
    expect((await post(url, rpcBody('big'))).json).toMatchObject({ error: { code: -32003, message: 'response too large' } })
  })
})

describe('batches', () => {
  it('are answered in order, without their notifications', async () => {
    const { url } = await start()
    const body = `[${rpcBody('echo', [1], 1)},{"jsonrpc":"2.0","method":"echo"},7,${rpcBody('fail', [], 'x')}]`
    expect((await post(url, body)).json).toMatchObject([
      { id: 1, result: [1] },
      { id: null, error: { code: -32600 } },
      { id: 'x', error: { code: -32000 } },
    ])
  })

  it('of notifications only are not answered', async () => {
    const { url } = await start()
    expect((await post(url, '[{"jsonrpc":"2.0","method":"echo"}]')).status).toBe(204)
  })

  it('of 10,000 requests get one clear error', async () => {
    const { url } = await start()
    const body = `[${Array.from({ length: 10_000 }, (_, i) => rpcBody('echo', [], i)).join(',')}]`
    expect((await post(url, body)).json).toEqual(errorOf(-32600, 'batch too large: 10000 requests, at most 1000 are allowed'))
  })

  it('stop producing results past the response limit', async () => {
    const { url } = await start({ limits: { maxResponseBytes: 6_000 } })
    const { json } = await post(url, `[${[1, 2, 3].map((id) => rpcBody('big', [], id)).join(',')}]`)
    expect(json).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3, error: { code: -32003 } }])
  })
})

describe('HTTP', () => {
  it('answers GET with a text', async () => {
    const { url } = await start({ greeting: 'hello\n' })
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([200, 'hello\n'])
  })

  it('refuses an oversized body, another content type and another path', async () => {
    const { url } = await start({ limits: { maxBodyBytes: 1_000 } })
    expect(await post(url, rpcBody('echo', ['x'.repeat(2_000)]))).toMatchObject({
      status: 413,
      json: errorOf(-32600, 'request body too large: at most 1000 bytes are allowed'),
    })
    expect(await post(url, rpcBody('echo'), { 'content-type': 'text/plain' })).toMatchObject({ status: 415, json: errorOf(-32600) })
    expect(await post(`${url}/other`, rpcBody('echo'))).toMatchObject({ status: 404, json: errorOf(-32600) })
  })

  it('lets every web page in by default, and only the listed ones otherwise', async () => {
    const open = await start()
    const preflight = (url: string, origin: string) =>
      fetch(url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-private-network': 'true' },
      })
    const any = await preflight(open.url, 'https://remix.ethereum.org')
    expect(any.status).toBe(204)
    expect(any.headers.get('access-control-allow-origin')).toBe('*')
    expect(any.headers.get('access-control-allow-private-network')).toBe('true')

    const closed = await start({ cors: ['http://localhost:5173'] })
    expect((await preflight(closed.url, 'http://localhost:5173')).headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
    expect((await preflight(closed.url, 'https://evil.example')).headers.get('access-control-allow-origin')).not.toBe(
      'https://evil.example',
    )
    await expect(TestSocket.connect(closed.url, { origin: 'https://evil.example' })).rejects.toThrow('403')
    ;(await TestSocket.connect(closed.url, { origin: 'http://localhost:5173' })).close()
  })

  const statusFor = (port: number, host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(
        { port, host: '127.0.0.1', method: 'POST', headers: { host, 'content-type': 'application/json' } },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      request.once('error', reject)
      request.end(rpcBody('echo'))
    })

  it.each([
    ['localhost:3050', 200],
    ['127.0.0.1', 200],
    ['[::1]:3050', 200],
    ['app.localhost:1', 200],
    ['192.168.1.7:3050', 200],
    ['node.example:3050', 200],
    ['evil.example:3050', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
  ])('guards against DNS rebinding: host %s gets %i', async (host, status) => {
    const { port } = await start({ allowedHosts: ['node.example'] })
    expect(await statusFor(port, host)).toBe(status)
  })

  it('guards WebSockets against DNS rebinding', async () => {
    const { url } = await start()
    await expect(TestSocket.connect(url, { host: 'evil.example' })).rejects.toThrow('403')
  })
})

describe('WebSocket', () => {
  it('answers requests and batches', async () => {
    const { url } = await start()
    const socket = await TestSocket.connect(url)
    expect(await socket.call('echo', ['a'])).toEqual({ jsonrpc: '2.0', id: 1, result: ['a'] })
    socket.send(`[${rpcBody('echo', [1], 1)},${rpcBody('crash', [], 2)}]`)
    expect(await socket.next()).toMatchObject([{ result: [1] }, { error: { code: -32603 } }])
    socket.send('{')
    expect(await socket.next()).toEqual(errorOf(-32700))
    socket.close()
  })

  it('sends a notification after the response that announces it', async () => {
    const { url } = await start()
    const socket = await TestSocket.connect(url)
    expect(await socket.call('notifyLater')).toMatchObject({ result: 'subscribed' })
    expect(await socket.next()).toEqual({ jsonrpc: '2.0', method: 'tick', params: { n: 1 } })
    socket.close()
  })

  it('drops a client that does not read', async () => {
    const { url } = await start({ limits: { maxWebSocketBufferBytes: 100_000 } })
    const socket = await TestSocket.connect(url)
    socket.send(rpcBody('flood'))
    socket.socket.pause()
    await expect.poll(() => entries.some(({ message }) => message === 'websocket client reads too slowly, dropped')).toBe(true)
    socket.socket.resume()
    await socket.closed
  })

  it('answers more requests at once than it reads at once', async () => {
    const { url } = await start({ limits: { maxWebSocketRequests: 2 } })
    const socket = await TestSocket.connect(url)
    for (let id = 0; id < 50; id++) socket.send(rpcBody('echo', [id], id))
    for (let id = 0; id < 50; id++) expect(await socket.next()).toMatchObject({ id, result: [id] })
    socket.close()
  })

  it('closes on a message over the limit, and refuses one connection too many', async () => {
    const { url } = await start({ limits: { maxBodyBytes: 1_000, maxWebSockets: 1 } })
    const socket = await TestSocket.connect(url)
    const second = await TestSocket.connect(url)
    expect(await second.closed).toMatchObject({ code: 1013 })
    socket.send('x'.repeat(2_000))
    expect(await socket.closed).toMatchObject({ code: 1009 })
  })

  it('aborts what a client waits for when it leaves', async () => {
    let aborted: (() => void) | undefined
    const seen = new Promise<void>((resolve) => {
      aborted = resolve
    })
    const waiting: JsonRpcHandler = {
      handle: (_request, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted?.()
            resolve(null)
          })
        }),
    }
    const { url } = await start({ handler: waiting })
    const socket = await TestSocket.connect(url)
    socket.send(rpcBody('wait'))
    socket.close()
    await seen
  })
})

describe('start and stop', () => {
  it('names the flag when the port is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => blocker.once('listening', resolve))
    const address = blocker.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await expect(start({ port, portFlag: '--l1-port' })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      exitCode: 3,
      metaMessages: [expect.stringContaining('--l1-port')],
    })
    blocker.close()
  })

  it('refuses an address that is not of this machine', async () => {
    await expect(start({ host: '203.0.113.7' })).rejects.toMatchObject({ code: 'LISTEN_FAILED', exitCode: 2 })
  })

  it('closes with open sockets, hanging requests and idle connections, within two seconds', async () => {
    const server = await start()
    const socket = await TestSocket.connect(server.url)
    const idle = connect(server.port, '127.0.0.1')
    await new Promise((resolve) => idle.once('connect', resolve))
    idle.on('error', () => undefined)
    const hanging = post(server.url, rpcBody('hang')).catch(() => 'cut')
    expect(await socket.call('echo', [1])).toMatchObject({ result: [1] })
    const startedAt = performance.now()
    await Promise.all([server.close(), server.close()])
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    expect(await socket.closed).toMatchObject({ code: 1001 })
    await hanging
    await expect(fetch(server.url)).rejects.toThrow()
  })

  it('lets a running request finish', async () => {
    let finish: ((value: string) => void) | undefined
    const started = new Promise<void>((resolveStarted) => {
      methods.slow = () => {
        resolveStarted()
        return new Promise<string>((resolve) => {
          finish = resolve
        })
      }
    })
    const server = await start()
    const answer = post(server.url, rpcBody('slow'))
    await started
    const closed = server.close()
    finish?.('done')
    expect((await answer).json).toMatchObject({ result: 'done' })
    await closed
  })
})
