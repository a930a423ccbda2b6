import { DevnetError, type Eip1193Provider } from '../core/index.ts'

/** Nobody answers, or nobody who speaks JSON-RPC. */
class RpcUnreachableError extends DevnetError {
  override name = 'RpcUnreachableError'
  constructor(url: string, reason: string, cause?: unknown) {
    super(`No JSON-RPC answer from ${url}: ${reason}`, { code: 'RPC_UNREACHABLE', cause })
  }
}

/** An error that the other side answered with. */
export class RpcAnswerError extends Error {
  override name = 'RpcAnswerError'
  readonly code: number
  readonly data: unknown
  constructor({ code, message, data }: { code: number; message: string; data?: unknown }) {
    super(message)
    this.code = code
    this.data = data
  }
}

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

const timeoutMs = 10_000

/**
 * JSON-RPC over HTTP, without retries: its users have their own.
 * `request` throws `RpcUnreachableError` without an answer and `RpcAnswerError` for an error answer.
 */
export function createHttpProvider(url: string): Eip1193Provider {
  let id = 0
  return {
    async request({ method, params = [] }) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }),
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((cause: unknown) => {
        throw new RpcUnreachableError(url, reasonOf(cause), cause)
      })
      const answer = parseAnswer(await response.text())
      if (answer === undefined) throw new RpcUnreachableError(url, `HTTP ${response.status} without JSON-RPC`)
      if (answer.error !== undefined) throw new RpcAnswerError(answer.error)
      return answer.result
    },
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function parseAnswer(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
