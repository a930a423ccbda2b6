import { Agent, request } from 'node:http'

const answerWithinMs = 60_000

/** JSON-RPC over one kept-alive connection: as little of the client as possible in the measurement. */
export class BenchClient {
  readonly #url: URL
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  #id = 0

  constructor(url: string) {
    this.#url = new URL(url)
  }

  call<Result>(method: string, params: readonly unknown[]): Promise<Result> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++this.#id, method, params })
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const sent = request(
      this.#url,
      { method: 'POST', agent: this.#agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const answer: { result?: Result; error?: { message: string } } = JSON.parse(Buffer.concat(chunks).toString())
          if (answer.error !== undefined) reject(new Error(`${method}: ${answer.error.message}`))
          else resolve(answer.result as Result)
        })
      },
    )
    sent.on('error', reject)
    sent.setTimeout(answerWithinMs, () => sent.destroy(new Error(`${method}: no answer within ${answerWithinMs} ms`)))
    sent.end(body)
    return promise
  }

  close(): void {
    this.#agent.destroy()
  }
}
