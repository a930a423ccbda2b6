import type { z } from 'zod'
import { bytesToHex, type SimulatedBlock, type SimulatedCall } from '../../core/index.ts'
import { type SimulatedBlockResult, vmErrorCode } from '../schemas/simulation.ts'
import { rpcErrorCode } from '../transport/errors.ts'
import { blockToJson, type TransactionDetail } from './block-json.ts'
import { toQuantity } from './quantity.ts'
import { logToJson } from './receipt-json.ts'
import { decodeRevertReason } from './revert-reason.ts'

type SimulatedBlockJson = z.output<typeof SimulatedBlockResult>

/** A block of eth_simulateV1. It is in no batch. */
export function simulatedBlockToJson({ block, calls }: SimulatedBlock, detail: TransactionDetail): SimulatedBlockJson {
  return { ...blockToJson(block, undefined, detail), calls: calls.map(callToJson) }
}

function callToJson(call: SimulatedCall): SimulatedBlockJson['calls'][number] {
  const error = callError(call)
  return {
    status: call.status === 'success' ? '0x1' : '0x0',
    returnData: bytesToHex(call.returnData),
    gasUsed: toQuantity(call.gasUsed),
    maxUsedGas: toQuantity(call.maxUsedGas),
    logs: call.logs.map(logToJson),
    ...(error && { error }),
  }
}

function callError({ status, returnData, error = 'execution failed' }: SimulatedCall): SimulatedBlockJson['calls'][number]['error'] {
  if (status === 'success') return undefined
  if (status === 'halt') return { code: vmErrorCode, message: error }
  const data = bytesToHex(returnData)
  const reason = decodeRevertReason(data)
  return { code: rpcErrorCode.reverted, message: reason === undefined ? 'execution reverted' : `execution reverted: ${reason}`, data }
}
