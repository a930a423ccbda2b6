import { DevnetError } from '../core/index.ts'

class NodeUnreachableError extends DevnetError {
  override name = 'NodeUnreachableError'
  constructor(url: string, cause: unknown) {
    super(`No devnet answers at ${url}.`, {
      code: 'NODE_UNREACHABLE',
      cause,
      metaMessages: ['Start one with `zkdevnet`, or name its address with --url.'],
    })
  }
}

class NodeAnsweredError extends DevnetError {
  override name = 'NodeAnsweredError'
  constructor(method: string, message: string) {
    super(`${method}: ${message}`, { code: 'NODE_ANSWERED_ERROR' })
  }
}

/** Calls a method of a running devnet. */
export async function callNode(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(10_000),
  }).catch((cause: unknown) => {
    throw new NodeUnreachableError(url, cause)
  })
  const text = await response.text()
  const answer = parseAnswer(text)
  if (answer === undefined) throw new NodeAnsweredError(method, `HTTP ${response.status} without a JSON-RPC answer; is ${url} a devnet?`)
  if (answer.error !== undefined) throw new NodeAnsweredError(method, answer.error.message)
  return answer.result
}

function parseAnswer(text: string): { result?: unknown; error?: { message: string } } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
