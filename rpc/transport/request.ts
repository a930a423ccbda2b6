/** A decoded request. `params` is as the client sent it: an array, an object, or undefined. */
export interface JsonRpcRequest {
  readonly method: string
  readonly params: unknown
}

/** Where a request came from. */
export interface JsonRpcConnection {
  /** False over HTTP, where there is nobody to notify later. */
  readonly canNotify: boolean
  /** Aborted when the peer or the server closes. */
  readonly signal: AbortSignal
  /** Sends a notification. Does nothing after the connection was closed. */
  notify(method: string, params: unknown): void
}

/** Answers requests. What it throws is answered too: a `JsonRpcError` as it is, anything else as an internal error. */
export interface JsonRpcHandler {
  handle(request: JsonRpcRequest, context: RequestContext): Promise<unknown>
}

/** What a handler may want to know about one request. */
export class RequestContext {
  readonly connection: JsonRpcConnection
  readonly afterSendListeners: (() => void)[] = []
  #controller: AbortController | undefined
  #signal: AbortSignal | undefined

  constructor(connection: JsonRpcConnection) {
    this.connection = connection
  }

  /** Aborted when the request's time is up or its connection is closed. Made on demand: most methods never wait. */
  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#controller = new AbortController()
      this.#signal = AbortSignal.any([this.#controller.signal, this.connection.signal])
    }
    return this.#signal
  }

  /** Runs `listener` once the response is on its way, so that no notification overtakes the response which names it. */
  afterSend(listener: () => void): void {
    this.afterSendListeners.push(listener)
  }

  abort(reason: unknown): void {
    this.#controller?.abort(reason)
  }
}
