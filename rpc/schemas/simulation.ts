import { z } from 'zod'
import { type BlocksSimulation, InvalidTransactionError } from '../../core/index.ts'
import { InvalidParamsError, JsonRpcError } from '../transport/errors.ts'
import { blockOverrideFields, CallParam, StateOverridesParam, toBlockOverrides } from './call-request.ts'
import { Address, Hash, Quantity64 } from './primitives.ts'
import { BlockResult, DataResult, LogResult, QuantityResult } from './results.ts'

const maxBlocks = 256
const maxWithdrawals = 16

const Withdrawal = z
  .object({ index: Quantity64, validatorIndex: Quantity64, address: Address, amount: Quantity64 })
  .transform(({ amount, ...withdrawal }) => ({ ...withdrawal, amountGwei: amount }))

/** Beyond what a single call can have overridden: what only a whole block has. */
const SimulatedBlockOverrides = z
  .object({ ...blockOverrideFields, beaconRoot: Hash.nullish(), withdrawals: z.array(Withdrawal).max(maxWithdrawals).nullish() })
  .transform(({ beaconRoot, withdrawals, ...overrides }) => ({
    ...toBlockOverrides(overrides),
    ...(beaconRoot != null && { parentBeaconBlockRoot: beaconRoot }),
    ...(withdrawals != null && { withdrawals }),
  }))

const BlockStateCall = z
  .object({
    blockOverrides: SimulatedBlockOverrides.nullish(),
    stateOverrides: StateOverridesParam.nullish(),
    calls: z.array(CallParam).nullish(),
  })
  .transform(({ blockOverrides, stateOverrides, calls }) => ({
    calls: calls ?? [],
    ...(blockOverrides != null && { blockOverrides }),
    ...(stateOverrides != null && { stateOverrides }),
  }))

export const SimulationParam = z
  .object({
    blockStateCalls: z.array(BlockStateCall),
    traceTransfers: z.boolean().nullish(),
    validation: z.boolean().nullish(),
    returnFullTransactions: z.boolean().nullish(),
  })
  .transform(({ blockStateCalls, traceTransfers, validation, returnFullTransactions }): SimulationRequest => {
    if (blockStateCalls.length === 0) throw new InvalidParamsError('empty input')
    if (blockStateCalls.length > maxBlocks) throw new JsonRpcError(errorCodes.CLIENT_LIMIT_EXCEEDED, 'too many blocks')
    return {
      blocks: blockStateCalls,
      traceTransfers: traceTransfers ?? false,
      validation: validation ?? false,
      returnFullTransactions: returnFullTransactions ?? false,
    }
  })

interface SimulationRequest extends BlocksSimulation {
  readonly returnFullTransactions: boolean
}

const CallResult = z.strictObject({
  status: z.string().regex(/^0x[01]$/),
  returnData: DataResult,
  gasUsed: QuantityResult,
  maxUsedGas: QuantityResult,
  logs: z.array(LogResult).readonly(),
  error: z.strictObject({ code: z.number(), message: z.string(), data: DataResult.optional() }).optional(),
})

export const SimulatedBlockResult = BlockResult.extend({ calls: z.array(CallResult).readonly() }).meta({ title: 'SimulatedBlock' })

/** The codes that eth_simulateV1 gives to broken rules. */
const errorCodes = {
  NONCE_TOO_LOW: -38010,
  NONCE_TOO_HIGH: -38011,
  FEE_CAP_TOO_LOW: -38012,
  INTRINSIC_GAS: -38013,
  INSUFFICIENT_FUNDS: -38014,
  BLOCK_GAS_LIMIT: -38015,
  BLOCK_NUMBER_NOT_INCREASING: -38020,
  BLOCK_TIMESTAMP_NOT_INCREASING: -38021,
  PRECOMPILE_MOVED_TO_ITSELF: -38022,
  PRECOMPILES_MOVED_TO_ONE_ADDRESS: -38023,
  INIT_CODE_TOO_LARGE: -38025,
  CLIENT_LIMIT_EXCEEDED: -38026,
} as const

const codesByError: ReadonlyMap<string, number> = new Map(Object.entries(errorCodes))

/** Of a call that halted (execution-apis); a revert has the code that it has everywhere. */
export const vmErrorCode = -32015

export function toSimulationError(error: unknown): unknown {
  const code = error instanceof InvalidTransactionError ? codesByError.get(error.code) : undefined
  return code === undefined || !(error instanceof InvalidTransactionError) ? error : new JsonRpcError(code, error.message)
}
