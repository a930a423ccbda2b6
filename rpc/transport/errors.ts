import { DevnetError } from '../../core/index.ts'

/** Codes of JSON-RPC 2.0 and those that geth adds. */
export const rpcErrorCode = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** What the server refuses for reasons of the chain: invalid transactions, unknown blocks, unavailable state. */
  serverError: -32000,
  timedOut: -32002,
  responseTooLarge: -32003,
  /** Execution reverted; `data` is the return data. */
  reverted: 3,
} as const

/** An error that is answered to the client as it is. Everything else that a handler throws becomes an internal error without details. */
export class JsonRpcError extends DevnetError {
  override name = 'JsonRpcError'
  readonly rpcCode: number
  readonly data: unknown

  constructor(rpcCode: number, message: string, data?: unknown) {
    super(message, { code: 'JSON_RPC' })
    this.rpcCode = rpcCode
    this.data = data
  }
}

/** Geth's wording, which clients match on to find out what a node can do. */
export class MethodNotFoundError extends JsonRpcError {
  override name = 'MethodNotFoundError'
  constructor(method: string) {
    super(rpcErrorCode.methodNotFound, `the method ${method.slice(0, 200)} does not exist/is not available`)
  }
}

export class InvalidParamsError extends JsonRpcError {
  override name = 'InvalidParamsError'
  constructor(message: string) {
    super(rpcErrorCode.invalidParams, message)
  }
}

/** Another program listens on the port. */
export class PortInUseError extends DevnetError {
  override name = 'PortInUseError'
  constructor({ host, port, flag, cause }: { host: string; port: number; flag: string; cause: unknown }) {
    super(`Port ${port} on ${host} is in use.`, {
      code: 'PORT_IN_USE',
      exitCode: 3,
      metaMessages: [`Stop the program that uses it, or choose another port with \`${flag} <n>\` (0 takes a free one).`],
      cause,
    })
  }
}

/** The address cannot be listened on. */
export class ListenError extends DevnetError {
  override name = 'ListenError'
  constructor({ host, port, cause }: { host: string; port: number; cause: unknown }) {
    super(`Cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      code: 'LISTEN_FAILED',
      exitCode: 2,
      metaMessages: ['Name an address of this machine with `--host <address>`, and a port above 1023.'],
      cause,
    })
  }
}
