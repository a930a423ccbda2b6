import { createBlock } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import type { EVMResult } from '@ethereumjs/evm'
import { getCalldataFloorGas } from '@ethereumjs/tx'
import { Account, type Address, createAddressFromString } from '@ethereumjs/util'
import type { VM } from '@ethereumjs/vm'
import {
  type BlockHeader,
  bytesToHex,
  type CallOutcome,
  type CallRequest,
  type Hex,
  InvalidTransactionError,
  type Log,
} from '../../core/index.ts'
import type { WorldState } from '../state/world-state.ts'
import { evmErrorWording } from './evm-errors.ts'
import { type ExecutionObserver, observe } from './observer.ts'
import { applyAuthorizations, authorityOf } from './simulated-authorizations.ts'
import { unsignedTransaction } from './unsigned-transaction.ts'

/** The block that an unsigned call believes to be in. */
export type CallEnvironment = Pick<BlockHeader, 'number' | 'timestamp' | 'gasLimit' | 'coinbase' | 'mixHash' | 'baseFeePerGas'>

/** What gas costs the sender, in wei. */
export interface GasPrices {
  /** Paid per gas. */
  readonly price: bigint
  /** The most that it said it would pay, which it has to own. */
  readonly max: bigint
}

/** What an unsigned call is executed with; `state` is the machine's. */
export interface MessageContext {
  readonly common: Common
  readonly vm: VM
  readonly state: WorldState
  readonly environment: CallEnvironment
  readonly gas: bigint
  readonly prices: GasPrices
  readonly observer?: ExecutionObserver
  readonly signal?: AbortSignal
  /** Whether to refund, to pay the coinbase and to clear up. Without it the state is good for nothing but to be reverted. */
  readonly settles: boolean
}

export interface MessageOutcome extends CallOutcome {
  readonly logs: readonly Pick<Log, 'address' | 'topics' | 'data'>[]
  /** Before refunds: the least gas limit that could have sufficed. */
  readonly maxUsedGas: bigint
}

export const zeroAddress: Hex = '0x0000000000000000000000000000000000000000'
const refundQuotient = 5n

/**
 * Executes an unsigned call as a transaction would be. Contracts may call too (no EIP-3607), the nonce is not checked, and the gas
 * cap of EIP-7825 does not hold.
 * @throws InvalidTransactionError where there is nothing to execute: funds, intrinsic gas
 */
export async function executeMessage(call: CallRequest, context: MessageContext): Promise<MessageOutcome> {
  const { common, vm, state, environment, gas, prices, observer } = context
  const sender = createAddressFromString(call.from ?? zeroAddress)
  const value = call.value ?? 0n
  const transaction = unsignedTransaction(call, common)
  const intrinsic = transaction.getIntrinsicGas()
  const floor = getCalldataFloorGas(transaction, sender)
  for (const least of [intrinsic, floor]) {
    if (gas < least) throw new InvalidTransactionError(`intrinsic gas too low: have ${gas}, want ${least}`, 'INTRINSIC_GAS')
  }
  observer?.begin({
    state: state.now,
    sender: bytesToHex(sender.bytes),
    to: call.to ?? null,
    coinbase: environment.coinbase,
    authorities: (call.authorizationList ?? []).flatMap((tuple) => authorityOf(tuple)?.bytes ?? []).map(bytesToHex),
    precompiles: precompilesOf(vm),
  })
  await charge(state, { sender, value, gas, prices })
  const { number, timestamp, coinbase, gasLimit, baseFeePerGas, mixHash } = environment
  const block = createBlock(
    { header: { number, timestamp, coinbase, gasLimit, baseFeePerGas, mixHash } },
    { common, skipConsensusFormatValidation: true },
  )
  warm(vm, call, sender, block.header.coinbase)
  const authorizationRefund = await applyAuthorizations(vm, state, call.authorizationList ?? [])
  const detach = observer && observe(vm, observer, context.signal)
  let result: EVMResult
  try {
    result = await vm.evm.runCall({
      block,
      caller: sender,
      gasPrice: prices.price,
      gasLimit: gas - intrinsic,
      ...(transaction.to && { to: transaction.to }),
      value,
      data: transaction.data,
      skipNonceIncrement: true,
    })
  } finally {
    detach?.()
  }
  const outcome = toOutcome(result, { intrinsic, floor, authorizationRefund })
  if (context.settles || observer !== undefined) await settle(result, outcome.gasUsed, { ...context, sender })
  observer?.end({ gas, gasUsed: outcome.gasUsed, failed: outcome.status !== 'success', returnData: outcome.returnData })
  return outcome
}

/** Addresses of the machine's precompiles. */
export function precompilesOf(vm: VM): ReadonlySet<Hex> {
  return new Set([...vm.evm.precompiles.keys()].map((address): Hex => `0x${address}`))
}

interface Charge {
  readonly sender: Address
  readonly value: bigint
  readonly gas: bigint
  readonly prices: GasPrices
}

async function charge(state: WorldState, { sender, value, gas, prices }: Charge): Promise<void> {
  const account = (await state.getAccount(sender)) ?? new Account()
  const cost = gas * prices.max + value
  if (account.balance < cost) {
    throw new InvalidTransactionError(
      `insufficient funds for gas * price + value: address ${sender} have ${account.balance} want ${cost}`,
      'INSUFFICIENT_FUNDS',
    )
  }
  account.balance -= gas * prices.price
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

/** What follows the execution: refund, fees, and the end of contracts that destroyed themselves (EIP-6780). */
async function settle(
  { execResult }: EVMResult,
  gasUsed: bigint,
  { vm, state, sender, gas, prices, environment }: MessageContext & { readonly sender: Address },
): Promise<void> {
  const { journal } = vm.evm
  const tip = prices.price > environment.baseFeePerGas ? prices.price - environment.baseFeePerGas : 0n
  await pay(vm, sender, (gas - gasUsed) * prices.price)
  await pay(vm, createAddressFromString(environment.coinbase), gasUsed * tip)
  for (const address of execResult.selfdestruct?.keys() ?? []) {
    if (execResult.createdAddresses?.has(address) === true) await journal.deleteAccount(createAddressFromString(address))
  }
  await journal.cleanup()
  state.originalStorageCache.clear()
}

/** Also where there is nothing to pay: an empty account that is touched is gone (EIP-161). */
async function pay(vm: VM, address: Address, wei: bigint): Promise<void> {
  const account = (await vm.stateManager.getAccount(address)) ?? new Account()
  account.balance += wei
  await vm.evm.journal.putAccount(address, account)
}

interface GasTerms {
  readonly intrinsic: bigint
  readonly floor: bigint
  readonly authorizationRefund: bigint
}

function toOutcome({ execResult }: EVMResult, { intrinsic, floor, authorizationRefund }: GasTerms): MessageOutcome {
  const { exceptionError, executionGasUsed, gasRefund = 0n, returnValue, logs = [] } = execResult
  const spent = executionGasUsed + intrinsic
  const refund = gasRefund + authorizationRefund
  const maxRefund = spent / refundQuotient
  const gasUsed = greater(spent - (refund < maxRefund ? refund : maxRefund), floor)
  const common = { returnData: returnValue, gasUsed, maxUsedGas: greater(spent, floor) }
  if (exceptionError !== undefined) {
    const status = exceptionError.error === 'revert' ? 'revert' : 'halt'
    return { ...common, status, error: evmErrorWording(exceptionError.error), logs: [] }
  }
  return {
    ...common,
    status: 'success',
    logs: logs.map(([address, topics, data]) => ({
      address: bytesToHex(address),
      topics: topics.map(bytesToHex),
      data: bytesToHex(data),
    })),
  }
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
