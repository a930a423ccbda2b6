import { createBlock } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import type { EVMResult } from '@ethereumjs/evm'
import { getCalldataFloorGas } from '@ethereumjs/tx'
import { Account, type Address, createAddressFromString } from '@ethereumjs/util'
import type { VM } from '@ethereumjs/vm'
import {
  type AccountOverride,
  type BlockHeader,
  type BlockOverrides,
  type CallOutcome,
  type CallRequest,
  type Hex,
  InvalidTransactionError,
  rules,
} from '../../core/index.ts'
import type { WorldState } from '../state/world-state.ts'
import { evmErrorWording } from './evm-errors.ts'
import { applyAuthorizations } from './simulated-authorizations.ts'
import { applyStateOverrides } from './state-overrides.ts'
import { unsignedTransaction } from './unsigned-transaction.ts'
import { dropVm, vmFor } from './vm.ts'

/** The block that a simulated call believes to be in. */
type CallEnvironment = Pick<BlockHeader, 'number' | 'timestamp' | 'gasLimit' | 'coinbase' | 'mixHash' | 'baseFeePerGas'>

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
  /** Runs with the machine before the call, e.g. to attach a tracer; what it returns is run afterwards. */
  readonly observe?: (vm: VM, gas: bigint) => () => void
}

const zeroAddress: Hex = '0x0000000000000000000000000000000000000000'
const refundQuotient = 5n

/**
 * Executes a call and forgets what it did. It pays for gas only when it names a price; otherwise the base fee is zero (geth).
 * Contracts may call too (no EIP-3607), the nonce is not checked, and the gas cap of EIP-7825 does not hold.
 * @throws InvalidTransactionError where there is nothing to execute: funds, fees, intrinsic gas
 */
export async function simulateCall(options: SimulateCallOptions): Promise<CallOutcome> {
  const { state, common } = options
  const vm = await vmFor(common, state)
  const depth = state.openCheckpoints
  await state.checkpoint()
  try {
    if (options.stateOverrides !== undefined) await applyStateOverrides(state, options.stateOverrides)
    return await execute(vm, options)
  } finally {
    if (state.openCheckpoints !== depth + 1) dropVm(state)
    state.revertTo(depth)
    vm.evm.journal.cleanJournal()
    state.originalStorageCache.clear()
  }
}

interface Fees {
  readonly baseFeePerGas: bigint
  readonly gasPrice: bigint
  readonly maxFee: bigint
}

function feesOf({ gasPrice, maxFeePerGas, maxPriorityFeePerGas }: CallRequest, baseFeePerGas: bigint): Fees {
  if (gasPrice !== undefined && (maxFeePerGas !== undefined || maxPriorityFeePerGas !== undefined)) {
    throw new InvalidTransactionError('both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified')
  }
  const maxFee = gasPrice ?? maxFeePerGas ?? 0n
  const tip = gasPrice ?? maxPriorityFeePerGas ?? 0n
  if (maxFee === 0n && tip === 0n) return { baseFeePerGas: 0n, gasPrice: 0n, maxFee: 0n }
  if (tip > maxFee) {
    throw new InvalidTransactionError(
      `max priority fee per gas higher than max fee per gas: maxPriorityFeePerGas: ${tip}, maxFeePerGas: ${maxFee}`,
    )
  }
  if (maxFee < baseFeePerGas) {
    throw new InvalidTransactionError(
      `max fee per gas less than block base fee: maxFeePerGas: ${maxFee}, baseFee: ${baseFeePerGas}`,
      'FEE_CAP_TOO_LOW',
    )
  }
  const price = baseFeePerGas + tip
  return { baseFeePerGas, gasPrice: price < maxFee ? price : maxFee, maxFee }
}

async function execute(vm: VM, options: SimulateCallOptions): Promise<CallOutcome> {
  const { state, common, call, environment, blockOverrides = {}, gasCap = rules.blockGasLimit } = options
  const sender = createAddressFromString(call.from ?? zeroAddress)
  const value = call.value ?? 0n
  const gas = call.gas === undefined || call.gas > gasCap ? gasCap : call.gas
  const fees = feesOf(call, blockOverrides.baseFeePerGas ?? environment.baseFeePerGas)
  const transaction = unsignedTransaction(call, common)
  const intrinsic = transaction.getIntrinsicGas()
  const floor = getCalldataFloorGas(transaction, sender)
  for (const least of [intrinsic, floor]) {
    if (gas < least) throw new InvalidTransactionError(`intrinsic gas too low: have ${gas}, want ${least}`, 'INTRINSIC_GAS')
  }
  await charge(state, { sender, value, gas, fees })
  const block = createBlock(
    {
      header: {
        number: blockOverrides.number ?? environment.number,
        timestamp: blockOverrides.timestamp ?? environment.timestamp,
        coinbase: blockOverrides.coinbase ?? environment.coinbase,
        gasLimit: blockOverrides.gasLimit ?? environment.gasLimit,
        baseFeePerGas: fees.baseFeePerGas,
        mixHash: blockOverrides.prevRandao ?? environment.mixHash,
      },
    },
    { common, skipConsensusFormatValidation: true },
  )
  warm(vm, call, sender, block.header.coinbase)
  const authorizationRefund = await applyAuthorizations(vm, state, call.authorizationList ?? [])
  const detach = options.observe?.(vm, gas)
  try {
    const result = await vm.evm.runCall({
      block,
      caller: sender,
      gasPrice: fees.gasPrice,
      gasLimit: gas - intrinsic,
      ...(transaction.to && { to: transaction.to }),
      value,
      data: transaction.data,
      skipNonceIncrement: true,
    })
    return toOutcome(result, { intrinsic, floor, authorizationRefund })
  } finally {
    detach?.()
  }
}

interface Charge {
  readonly sender: Address
  readonly value: bigint
  readonly gas: bigint
  readonly fees: Fees
}

async function charge(state: WorldState, { sender, value, gas, fees }: Charge): Promise<void> {
  const account = (await state.getAccount(sender)) ?? new Account()
  const cost = gas * fees.maxFee + value
  if (account.balance < cost) {
    throw new InvalidTransactionError(
      `insufficient funds for gas * price + value: address ${sender} have ${account.balance} want ${cost}`,
      'INSUFFICIENT_FUNDS',
    )
  }
  account.balance -= gas * fees.gasPrice
  account.nonce += 1n
  await state.putAccount(sender, account)
}

/** EIP-2929, EIP-2930, EIP-3651. */
function warm(vm: VM, { to, accessList = [] }: CallRequest, sender: Address, coinbase: Address): void {
  const { journal, precompiles } = vm.evm
  journal.cleanJournal()
  for (const address of precompiles.keys()) journal.addAlwaysWarmAddress(address)
  journal.addAlwaysWarmAddress(sender.toString())
  journal.addAlwaysWarmAddress(coinbase.toString())
  if (to !== undefined && to !== null) journal.addAlwaysWarmAddress(to)
  for (const { address, storageKeys } of accessList) {
    journal.addAlwaysWarmAddress(address)
    for (const key of storageKeys) journal.addAlwaysWarmSlot(address, key)
  }
}

interface GasTerms {
  readonly intrinsic: bigint
  readonly floor: bigint
  readonly authorizationRefund: bigint
}

function toOutcome({ execResult }: EVMResult, { intrinsic, floor, authorizationRefund }: GasTerms): CallOutcome {
  const { exceptionError, executionGasUsed, gasRefund = 0n, returnValue } = execResult
  const spent = executionGasUsed + intrinsic
  const refund = gasRefund + authorizationRefund
  const maxRefund = spent / refundQuotient
  const afterRefund = spent - (refund < maxRefund ? refund : maxRefund)
  const gasUsed = afterRefund > floor ? afterRefund : floor
  if (exceptionError === undefined) return { returnData: returnValue, gasUsed, status: 'success' }
  const status = exceptionError.error === 'revert' ? 'revert' : 'halt'
  return { returnData: returnValue, gasUsed, status, error: evmErrorWording(exceptionError.error) }
}
