import type { AddressInfo, Socket } from 'node:net'
import cors from '@fastify/cors'
import websocket from '@fastify/websocket'
import fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import type { Logger } from '../../core/index.ts'
import { Dispatcher, errorResponse } from './dispatcher.ts'
import { JsonRpcError, ListenError, PortInUseError, rpcErrorCode } from './errors.ts'
import { isAllowedHost } from './host-guard.ts'
import { defaultLimits, type ServerLimits } from './limits.ts'
import type { JsonRpcConnection, JsonRpcHandler } from './request.ts'
import { WebSocketConnection } from './websocket-connection.ts'

export interface JsonRpcServerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** The CLI's flag for the port, named in the error when it is taken. */
  readonly portFlag?: string
  readonly handler: JsonRpcHandler
  /** Origins of web pages that may use the server; `*` for all. */
  readonly cors?: '*' | readonly string[]
  /** Names, besides localhost and numeric addresses, under which the server may be reached; `*` for all. */
  readonly allowedHosts?: readonly string[]
  readonly limits?: Partial<ServerLimits>
  readonly log: Logger
  /** Answer to GET /. */
  readonly greeting?: string
}

export interface JsonRpcServer {
  readonly url: string
  readonly port: number
  /** Stops accepting, lets running requests finish, and is done within two seconds. Idempotent. */
  close(): Promise<void>
}

// The types that geth takes. Anything that a browser sends without asking first (text/plain, forms) would make every web page a client.
const jsonTypes = ['application/json', 'application/json-rpc', 'application/jsonrequest']
const closeGraceMs = 1_500
const pingIntervalMs = 30_000

/**
 * Serves a JSON-RPC handler over HTTP and WebSocket on one port.
 * @throws PortInUseError, ListenError
 */
export async function startJsonRpcServer(options: JsonRpcServerOptions): Promise<JsonRpcServer> {
  const { host, handler, log, allowedHosts = [], greeting = 'JSON-RPC 2.0: POST requests here, or open a WebSocket.\n' } = options
  const limits: ServerLimits = { ...defaultLimits, ...options.limits }
  const dispatcher = new Dispatcher(limits, { handler, log })
  const sockets = new Set<WebSocketConnection>()
  const closing = new AbortController()
  const httpConnection: JsonRpcConnection = { canNotify: false, signal: closing.signal, notify() {} }

  const app = fastify({
    logger: false,
    bodyLimit: limits.maxBodyBytes,
    keepAliveTimeout: 75_000,
    requestTimeout: 60_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  })
  const mayUse = originCheck(options.cors ?? '*')
  await app.register(websocket, {
    options: { maxPayload: limits.maxBodyBytes, perMessageDeflate: false },
    errorHandler: (error, socket) => {
      log.debug({ err: error }, 'websocket error')
      socket.terminate()
    },
    preClose: (done) => done(),
  })
  // After the WebSocket plugin's own hook, which closes the connection of a refused upgrade.
  app.addHook('onRequest', (request, reply, done) => {
    if (!isAllowedHost(request.headers.host, allowedHosts)) {
      reply.code(403).type('text/plain')
      reply.send('This host name is not allowed: call the node as localhost or by its numeric address.\n')
      return
    }
    if (request.headers.upgrade !== undefined && !mayUse(request.headers.origin)) {
      reply.code(403).type('text/plain').send('This origin is not allowed.\n')
      return
    }
    // Chrome asks separately before a public page may reach an address on the local network.
    if (request.headers['access-control-request-private-network'] !== undefined)
      reply.header('access-control-allow-private-network', 'true')
    done()
  })
  await app.register(cors, {
    origin: options.cors === undefined || options.cors === '*' ? '*' : [...options.cors],
    methods: ['GET', 'POST'],
    maxAge: 86_400,
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(jsonTypes, { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const { status, message } = describeHttpError(error, limits)
    if (status >= 500) log.error({ err: error }, 'http request failed')
    reply
      .code(status)
      .type('application/json')
      .send(errorResponse('null', new JsonRpcError(rpcErrorCode.invalidRequest, message)))
  })
  app.setNotFoundHandler((_request, reply) => {
    const error = new JsonRpcError(rpcErrorCode.invalidRequest, 'not found: POST JSON-RPC requests to /')
    reply.code(404).type('application/json').send(errorResponse('null', error))
  })

  app.post<{ Body: string | undefined }>('/', (request, reply) => {
    void dispatcher.dispatch(request.body ?? '', httpConnection, (response) => {
      if (response === undefined) reply.code(204).send()
      else reply.header('content-type', 'application/json').send(response)
    })
  })
  app.route({
    method: 'GET',
    url: '/',
    handler: (_request, reply) => reply.type('text/plain').send(greeting),
    wsHandler: (socket) => {
      if (sockets.size >= limits.maxWebSockets) {
        socket.close(1013, 'too many connections')
        return
      }
      const connection = new WebSocketConnection(limits, { socket, dispatcher, log })
      sockets.add(connection)
      socket.once('close', () => sockets.delete(connection))
    },
  })

  // Upgraded connections are no longer the HTTP server's, so closing it would wait for them without end.
  const connections = new Set<Socket>()
  app.server.on('connection', (connection) => {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
  })
  const port = await listen(app, options)
  const pings = setInterval(() => {
    for (const socket of sockets) socket.ping()
  }, pingIntervalMs).unref()

  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    clearInterval(pings)
    for (const socket of sockets) socket.close()
    const cut = setTimeout(() => {
      closing.abort()
      for (const connection of connections) connection.destroy()
    }, closeGraceMs)
    await app.close()
    clearTimeout(cut)
  }
  return {
    url: `http://${urlHost(host)}:${port}`,
    port,
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

async function listen(app: FastifyInstance, { host, port, portFlag = '--port' }: JsonRpcServerOptions): Promise<number> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    await app.close()
    const inUse = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
    throw inUse ? new PortInUseError({ host, port, flag: portFlag, cause }) : new ListenError({ host, port, cause })
  }
  // A TCP server's address is an object; a string would be a pipe's.
  return (app.server.address() as AddressInfo).port
}

/** CORS does not bind WebSockets: the server has to look at the origin itself. Programs that are not browsers send none. */
function originCheck(allowed: '*' | readonly string[]): (origin: string | undefined) => boolean {
  return (origin) => allowed === '*' || origin === undefined || allowed.includes(origin)
}

function describeHttpError(error: FastifyError, limits: ServerLimits): { status: number; message: string } {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { status: 413, message: `request body too large: at most ${limits.maxBodyBytes} bytes are allowed` }
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_CONTENT_TYPE':
      return { status: 415, message: 'invalid content type: send the header content-type: application/json' }
    default: {
      const status = error.statusCode ?? 500
      return { status, message: status >= 500 ? 'internal error' : error.message }
    }
  }
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
