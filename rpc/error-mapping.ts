import { DevnetError, ExecutionRevertedError, InvalidTransactionError } from '../core/index.ts'
import { decodeRevertReason } from './encoding/revert-reason.ts'
import { JsonRpcError, rpcErrorCode } from './transport/errors.ts'

/** The node's errors as clients of geth know them. What is none of the node's errors is a bug and comes back as it is. */
export function toRpcError(error: unknown): unknown {
  if (error instanceof JsonRpcError) return error
  if (error instanceof ExecutionRevertedError) return revertError(error)
  if (error instanceof InvalidTransactionError) return new JsonRpcError(rpcErrorCode.serverError, error.message)
  if (error instanceof DevnetError) {
    const hints = error.metaMessages.length === 0 ? {} : { hints: error.metaMessages }
    return new JsonRpcError(rpcErrorCode.serverError, error.message, { code: error.code, ...hints })
  }
  return error
}

function revertError({ data }: ExecutionRevertedError): JsonRpcError {
  const reason = decodeRevertReason(data)
  return new JsonRpcError(rpcErrorCode.reverted, reason === undefined ? 'execution reverted' : `execution reverted: ${reason}`, data)
}
