import { DevnetError } from '../core/index.ts'

/** What the L1 answers to a request that it refuses: JSON-RPC code, message and, for reverts, the returned bytes as hex. */
export class L1RpcError extends Error {
  override name = 'L1RpcError'
  readonly code: number
  readonly data: unknown

  constructor({ code, message, data, cause }: { code: number; message: string; data?: unknown; cause?: unknown }) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.data = data
  }
}

/** The stored L1 has another chain id than the one asked for. */
export class L1ChainIdError extends DevnetError {
  override name = 'L1ChainIdError'
  constructor({ stored, requested }: { stored: number; requested: number }) {
    super(`The L1 in the data directory has chain id ${stored}, not ${requested}.`, {
      code: 'L1_CHAIN_ID',
      exitCode: 6,
      metaMessages: [`Start with the chain id ${stored}, or begin anew with \`zkdevnet reset\`.`],
    })
  }
}

/** A journaled request failed when it was executed again. */
export class L1ReplayError extends DevnetError {
  override name = 'L1ReplayError'
  constructor({ seq, method, cause }: { seq: number; method: string; cause: unknown }) {
    super(`The L1 journal cannot be replayed: entry ${seq} (${method}) fails: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 'L1_REPLAY',
      exitCode: 6,
      metaMessages: ['Move the data directory away or begin anew with `zkdevnet reset`, and please report this.'],
      cause,
    })
  }
}

/** The journal could not be written, so the chain in memory is ahead of the disk; nothing may be added to it any more. */
export class L1JournalError extends DevnetError {
  override name = 'L1JournalError'
  constructor({ cause }: { cause: unknown }) {
    super(`The L1 stopped because its journal cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 'L1_JOURNAL',
      metaMessages: ['Remove the cause (a full disk?) and start the devnet again: everything that was answered is stored.'],
      cause,
    })
  }
}

/** The snapshot was reverted already, lies above one that was, or belongs to an earlier run. */
export class L1SnapshotError extends DevnetError {
  override name = 'L1SnapshotError'
  constructor({ id }: { id: string }) {
    super(`The L1 has no snapshot ${id}.`, {
      code: 'L1_SNAPSHOT',
      metaMessages: ['A snapshot can be reverted to once, and does not outlive the process that took it.'],
    })
  }
}

const revertCode = 3
const methodNotFound = -32601
const hardhatMethodNotSupported = -32004
const internalError = -32603

/** EDR's complaint in the shape that clients know from geth over HTTP: 3 with hex data for reverts, -32601 for unknown methods. */
export function toL1RpcError(error: unknown): unknown {
  if (error instanceof L1RpcError || error instanceof DevnetError || !(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'number' ? error.code : internalError
  const data = 'data' in error ? revertData(error.data) : undefined
  if (data !== undefined) return new L1RpcError({ code: revertCode, message: error.message, data, cause: error })
  if (code === hardhatMethodNotSupported) return new L1RpcError({ code: methodNotFound, message: error.message, cause: error })
  return new L1RpcError({ code, message: error.message, cause: error })
}

function revertData(data: unknown): string | undefined {
  if (typeof data === 'string' && data.startsWith('0x')) return data
  if (typeof data === 'object' && data !== null && 'data' in data) return revertData(data.data)
  return undefined
}
