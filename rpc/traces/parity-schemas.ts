import { z } from 'zod'
import { DataResult, HashResult } from '../schemas/results.ts'
import { JsonRpcError, rpcErrorCode } from '../transport/errors.ts'

/** A call, creation or destruction, as Parity shows it. */
export const FlatTraceResult = z
  .strictObject({
    action: z.record(z.string(), z.string()),
    blockHash: HashResult.optional(),
    blockNumber: z.number().optional(),
    error: z.string().optional(),
    result: z.record(z.string(), z.string()).optional(),
    subtraces: z.number(),
    traceAddress: z.array(z.number()).readonly(),
    transactionHash: HashResult.optional(),
    transactionPosition: z.number().optional(),
    type: z.enum(['call', 'create', 'suicide']),
  })
  .meta({ title: 'FlatTrace' })

const Change = z.union([
  z.literal('='),
  z.strictObject({ '+': DataResult.or(z.string()) }),
  z.strictObject({ '-': DataResult.or(z.string()) }),
  z.strictObject({ '*': z.strictObject({ from: z.string(), to: z.string() }) }),
])

const StateDiffResult = z
  .record(z.string(), z.strictObject({ balance: Change, code: Change, nonce: Change, storage: z.record(z.string(), Change) }))
  .meta({ title: 'ParityStateDiff' })

export type StateDiffJson = z.output<typeof StateDiffResult>

export const ReplayResult = z
  .strictObject({
    output: DataResult,
    trace: z.array(FlatTraceResult).readonly(),
    stateDiff: StateDiffResult.nullable(),
    vmTrace: z.null(),
    transactionHash: HashResult.optional(),
  })
  .meta({ title: 'Replay' })

export type ReplayJson = z.output<typeof ReplayResult>

/** What a replay shall tell. */
export const TraceTypesParam = z
  .array(z.enum(['trace', 'stateDiff', 'vmTrace']))
  .max(3)
  .meta({ title: 'TraceTypes' })
  .transform((types): TraceTypes => {
    if (types.includes('vmTrace')) {
      throw new JsonRpcError(rpcErrorCode.serverError, 'vmTrace is not supported: ask for the struct logs of debug_traceTransaction')
    }
    return { trace: types.includes('trace'), stateDiff: types.includes('stateDiff') }
  })

export interface TraceTypes {
  readonly trace: boolean
  readonly stateDiff: boolean
}
