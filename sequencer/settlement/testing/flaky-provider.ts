import type { Eip1193Provider } from '../../../core/index.ts'

/** What happens to one request. `lost`: it never arrives. `answer lost`: it takes effect, but the caller sees a time-out. */
export type Disturbance = 'none' | 'lost' | 'answer lost' | 'rpc error' | 'swallowed' | 'twice'

export type Disturb = (method: string, params: readonly unknown[]) => Disturbance

const timeOut = (method: string): Error => new Error(`request timed out: ${method}`)

/** A provider with a bad line. `swallowed` answers a transaction's hash without passing it on, as a node that drops it from its pool. */
export class FlakyProvider implements Eip1193Provider {
  readonly #inner: Eip1193Provider
  readonly sent: string[] = []
  disturb: Disturb = () => 'none'

  constructor(inner: Eip1193Provider) {
    this.#inner = inner
  }

  async request({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> {
    if (method === 'eth_sendRawTransaction') this.sent.push(String(params[0]))
    switch (this.disturb(method, params)) {
      case 'lost':
        throw timeOut(method)
      case 'answer lost':
        await this.#inner.request({ method, params })
        throw timeOut(method)
      case 'rpc error':
        throw Object.assign(new Error('the node is syncing'), { code: -32_000 })
      case 'swallowed':
        return `0x${'11'.repeat(32)}`
      case 'twice':
        await this.#inner.request({ method, params })
        return this.#inner.request({ method, params })
      default:
        return this.#inner.request({ method, params })
    }
  }
}
