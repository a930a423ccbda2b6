import { DevnetError } from '../core/index.ts'
import { createHttpProvider, RpcAnswerError } from './http-provider.ts'

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

class NodeRefusedError extends DevnetError {
  override name = 'NodeRefusedError'
  constructor(method: string, cause: RpcAnswerError) {
    super(`${method}: ${cause.message}`, { code: 'NODE_REFUSED', cause })
  }
}

/** Calls a method of the running devnet at `url`; `Result` is what that method documents (docs/rpc.md). */
export async function callNode<Result>(url: string, method: string, params: readonly unknown[] = []): Promise<Result> {
  try {
    // Our own node of our own version: its answers are checked against their schemas in its tests.
    return (await createHttpProvider(url).request({ method, params })) as Result
  } catch (error) {
    throw error instanceof RpcAnswerError ? new NodeRefusedError(method, error) : new NodeUnreachableError(url, error)
  }
}
