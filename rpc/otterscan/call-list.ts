import type { z } from 'zod'
import type { CallFrame, Hex } from '../../core/index.ts'
import type { InternalOperationResult } from './schemas.ts'

export interface ListedCall {
  readonly type: string
  readonly depth: number
  readonly from: Hex
  readonly to: Hex | null
  readonly value: Hex | null
  readonly input: Hex
  readonly output: Hex
}

/** The calls of a transaction in the order in which they were made. */
export function listCalls(frame: CallFrame, depth = 0): ListedCall[] {
  const { type, from, to = null, value, input, output = '0x', calls = [] } = frame
  const movesValue = type !== 'DELEGATECALL' && type !== 'STATICCALL'
  const call: ListedCall = { type, depth, from, to, value: movesValue ? (value ?? '0x0') : null, input, output }
  return [call, ...calls.flatMap((inner) => listCalls(inner, depth + 1))]
}

const operationTypes: Readonly<Record<string, number>> = { CALL: 0, SELFDESTRUCT: 1, CREATE: 2, CREATE2: 3 }

/** Transfers of value, creations and destructions below the transaction itself, as far as they were not reverted. */
export function internalOperations({ error, calls = [] }: CallFrame): z.output<typeof InternalOperationResult>[] {
  if (error !== undefined) return []
  return calls.flatMap((call) => {
    const { type: name, from, to, value = '0x0' } = call
    const type = operationTypes[name]
    const counts = type !== undefined && (name !== 'CALL' || value !== '0x0') && call.error === undefined && to !== undefined
    return [...(counts ? [{ type, from, to, value }] : []), ...internalOperations(call)]
  })
}

/** The creation of a contract in a tree of calls. */
export function findCreation(frame: CallFrame, address: Hex): CallFrame | undefined {
  if (frame.error !== undefined) return undefined
  if ((frame.type === 'CREATE' || frame.type === 'CREATE2') && frame.to === address) return frame
  for (const call of frame.calls ?? []) {
    const found = findCreation(call, address)
    if (found !== undefined) return found
  }
  return undefined
}
