import WebSocket from 'ws'

/** Posts a body as it is. */
export async function post(
  url: string,
  body: string,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<{ status: number; text: string; json: unknown }> {
  const response = await fetch(url, { method: 'POST', headers, body })
  const text = await response.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status: response.status, text, json }
}

export const rpcBody = (method: string, params: unknown = [], id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })

/** A WebSocket whose messages are awaited one by one, in order. */
export class TestSocket {
  readonly socket: WebSocket
  readonly #messages: unknown[] = []
  readonly #waiting: ((message: unknown) => void)[] = []
  readonly closed: Promise<{ code: number; reason: string }>

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => {
      const message: unknown = JSON.parse(data.toString())
      const waiting = this.#waiting.shift()
      if (waiting === undefined) this.#messages.push(message)
      else waiting(message)
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
    })
  }

  static async connect(url: string, headers: Record<string, string> = {}): Promise<TestSocket> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers })
    const client = new TestSocket(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    return client
  }

  send(text: string): void {
    this.socket.send(text)
  }

  /** The next message, whatever it is. */
  next(): Promise<unknown> {
    const message = this.#messages.shift()
    return message !== undefined ? Promise.resolve(message) : new Promise((resolve) => this.#waiting.push(resolve))
  }

  async call(method: string, params: unknown = []): Promise<unknown> {
    this.send(rpcBody(method, params))
    return this.next()
  }

  close(): void {
    this.socket.close()
  }
}
