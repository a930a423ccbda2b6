import type { Common } from '@ethereumjs/common'
import type { VM } from '@ethereumjs/vm'
import { type AccountOverride, type BlockOverrides, type CallRequest, type Hex, InvalidTransactionError, rules } from '../../core/index.ts'
import { withConsole } from '../console/console-listener.ts'
import type { WorldState } from '../state/world-state.ts'
import { type CallEnvironment, executeMessage, type GasPrices, type MessageOutcome } from './message.ts'
import type { ExecutionObserver } from './observer.ts'
import { applyStateOverrides, movePrecompiles } from './state-overrides.ts'
import { dropVm, vmFor } from './vm.ts'

export interface SimulateCallOptions {
  readonly common: Common
  /** Left as it was. Nobody else may use it meanwhile; `WorldState.at` costs little. */
  readonly state: WorldState
  readonly environment: CallEnvironment
  readonly call: CallRequest
  readonly stateOverrides?: ReadonlyMap<Hex, AccountOverride>
  readonly blockOverrides?: BlockOverrides
  /** Gas where the call names none, and the most that it gets. */
  readonly gasCap?: bigint
  readonly observer?: ExecutionObserver
  readonly signal?: AbortSignal
  /** Gets what the call logs by Hardhat's or Foundry's `console`. */
  readonly console?: (text: string) => void
}

/**
 * Executes a call and forgets what it did. It pays for gas only when it names a price; otherwise the base fee is zero (geth).
 * @throws InvalidTransactionError where there is nothing to execute: funds, fees, intrinsic gas
 */
export async function simulateCall(options: SimulateCallOptions): Promise<MessageOutcome> {
  const { state, common, stateOverrides = new Map() } = options
  const vm = await vmFor(common, state)
  const depth = state.openCheckpoints
  await state.checkpoint()
  let restorePrecompiles: (() => void) | undefined
  try {
    restorePrecompiles = movePrecompiles(vm, stateOverrides)
    await applyStateOverrides(state, stateOverrides)
    const { call, blockOverrides = {}, gasCap = rules.blockGasLimit, environment: base, observer, signal } = options
    const { baseFeePerGas, ...prices } = pricesOf(call, blockOverrides.baseFeePerGas ?? base.baseFeePerGas)
    const execute = () =>
      executeMessage(call, {
        ...{ common, vm, state, prices, settles: false },
        ...(observer && { observer }),
        ...(signal && { signal }),
        gas: call.gas === undefined || call.gas > gasCap ? gasCap : call.gas,
        environment: { ...overridden(base, blockOverrides), baseFeePerGas },
      })
    return options.console === undefined ? await execute() : await logged(vm, options.console, execute)
  } finally {
    restorePrecompiles?.()
    if (state.openCheckpoints !== depth + 1) dropVm(state)
    state.revertTo(depth)
    vm.evm.journal.cleanJournal()
    state.originalStorageCache.clear()
  }
}

async function logged<T>(vm: VM, log: (text: string) => void, work: () => Promise<T>): Promise<T> {
  const lines: string[] = []
  try {
    return await withConsole(vm, lines, work)
  } finally {
    for (const line of lines) log(line)
  }
}

/** The block that a call sees. */
function overridden(base: CallEnvironment, overrides: BlockOverrides): CallEnvironment {
  return {
    number: overrides.number ?? base.number,
    timestamp: overrides.timestamp ?? base.timestamp,
    coinbase: overrides.coinbase ?? base.coinbase,
    gasLimit: overrides.gasLimit ?? base.gasLimit,
    mixHash: overrides.prevRandao ?? base.mixHash,
    baseFeePerGas: overrides.baseFeePerGas ?? base.baseFeePerGas,
  }
}

/**
 * The prices that a call names, and the base fee that it sees.
 * @throws InvalidTransactionError
 */
export function pricesOf(
  { gasPrice, maxFeePerGas, maxPriorityFeePerGas }: CallRequest,
  baseFeePerGas: bigint,
): GasPrices & { readonly baseFeePerGas: bigint } {
  if (gasPrice !== undefined && (maxFeePerGas !== undefined || maxPriorityFeePerGas !== undefined)) {
    throw new InvalidTransactionError('both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified')
  }
  const max = gasPrice ?? maxFeePerGas ?? 0n
  const tip = gasPrice ?? maxPriorityFeePerGas ?? 0n
  if (max === 0n && tip === 0n) return { baseFeePerGas: 0n, price: 0n, max: 0n }
  return { baseFeePerGas, ...chargedPrices({ max, tip }, baseFeePerGas) }
}

/** @throws InvalidTransactionError */
export function chargedPrices({ max, tip }: { readonly max: bigint; readonly tip: bigint }, baseFeePerGas: bigint): GasPrices {
  if (tip > max) {
    throw new InvalidTransactionError(
      `max priority fee per gas higher than max fee per gas: maxPriorityFeePerGas: ${tip}, maxFeePerGas: ${max}`,
    )
  }
  if (max < baseFeePerGas) {
    throw new InvalidTransactionError(
      `max fee per gas less than block base fee: maxFeePerGas: ${max}, baseFee: ${baseFeePerGas}`,
      'FEE_CAP_TOO_LOW',
    )
  }
  const price = baseFeePerGas + tip
  return { price: price < max ? price : max, max }
}
