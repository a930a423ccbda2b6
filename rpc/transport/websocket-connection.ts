import type { WebSocket } from 'ws'
import type { Logger } from '../../core/index.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { ServerLimits } from './limits.ts'
import type { JsonRpcConnection } from './request.ts'

const goingAway = 1001
const tryAgainLater = 1013

/** One WebSocket client. A client that reads slower than it is written to is dropped, it cannot fill the node's memory. */
export class WebSocketConnection implements JsonRpcConnection {
  readonly canNotify = true
  readonly #limits: ServerLimits
  readonly #socket: WebSocket
  readonly #dispatcher: Dispatcher
  readonly #log: Logger
  readonly #controller = new AbortController()
  #inFlight = 0
  #answersPings = true

  constructor(limits: ServerLimits, deps: { readonly socket: WebSocket; readonly dispatcher: Dispatcher; readonly log: Logger }) {
    this.#limits = limits
    this.#socket = deps.socket
    this.#dispatcher = deps.dispatcher
    this.#log = deps.log
    this.#socket.on('message', (data) => this.#receive(data.toString()))
    this.#socket.on('pong', () => {
      this.#answersPings = true
    })
    this.#socket.on('close', () => this.#controller.abort())
    this.#socket.on('error', (error) => this.#log.debug({ err: error }, 'websocket error'))
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  notify(method: string, params: unknown): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#send(JSON.stringify({ jsonrpc: '2.0', method, params }))
  }

  /** Drops a peer that did not answer the previous ping: its connection is dead without a word. */
  ping(): void {
    if (!this.#answersPings) {
      this.#socket.terminate()
      return
    }
    this.#answersPings = false
    this.#socket.ping()
  }

  close(): void {
    this.#controller.abort()
    this.#socket.close(goingAway, 'the node is stopping')
  }

  #receive(text: string): void {
    this.#inFlight += 1
    if (this.#inFlight >= this.#limits.maxWebSocketRequests) this.#socket.pause()
    void this.#dispatcher
      .dispatch(text, this, (response) => {
        if (response !== undefined) this.#send(response)
      })
      .finally(() => {
        this.#inFlight -= 1
        if (this.#inFlight < this.#limits.maxWebSocketRequests && this.#socket.isPaused) this.#socket.resume()
      })
  }

  #send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(text)
    if (this.#socket.bufferedAmount <= this.#limits.maxWebSocketBufferBytes) return
    this.#log.warn({ bufferedBytes: this.#socket.bufferedAmount }, 'websocket client reads too slowly, dropped')
    this.#controller.abort()
    this.#socket.close(tryAgainLater, 'reads too slowly')
    // The close frame waits behind everything that the client does not read.
    this.#socket.terminate()
  }
}
