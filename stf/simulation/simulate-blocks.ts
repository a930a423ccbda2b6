import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Common } from '@ethereumjs/common'
import { Account, createAddressFromString } from '@ethereumjs/util'
import { Bloom, type VM } from '@ethereumjs/vm'
import {
  type BlockHeader,
  type BlocksSimulation,
  bytesToHex,
  type CallRequest,
  type Hex,
  hexToBytes,
  InvalidTransactionError,
  keccak256Hex,
  type Log,
  type SealedTransaction,
  type SimulatedBlock,
  type SimulatedCall,
  type Withdrawal,
} from '../../core/index.ts'
import { encodeBlock, encodeWithdrawal } from '../block/block-rlp.ts'
import { headerHash } from '../block/header.ts'
import { executeMessage, type GasPrices, type MessageOutcome, zeroAddress } from '../execution/message.ts'
import { assertNotAborted } from '../execution/observer.ts'
import { encodeReceipt, unionOf } from '../execution/seal.ts'
import { chargedPrices, pricesOf } from '../execution/simulate.ts'
import { applyStateOverrides, movePrecompiles } from '../execution/state-overrides.ts'
import { applySystemCalls } from '../execution/system-calls.ts'
import { dropVm, vmFor } from '../execution/vm.ts'
import type { WorldState } from '../state/world-state.ts'
import { TransferLogger } from '../tracing/transfer-logger.ts'
import { orderedTrieRoot } from '../trie/ordered-trie.ts'
import { type PlannedBlock, planBlocks, plannedHeader } from './simulated-chain.ts'
import { unsignedEnvelope } from './unsigned-envelope.ts'

export interface SimulateBlocksOptions extends BlocksSimulation {
  readonly common: Common
  /** After `base`; left as it was. */
  readonly state: WorldState
  readonly base: BlockHeader
  readonly signal?: AbortSignal
}

// Geth's cap of what one request may use.
const gasBudget = 50_000_000n
const callsPerTurn = 32
const weiPerGwei = 10n ** 9n

/**
 * Simulates blocks of unsigned calls, each on what the one before left behind: eth_simulateV1.
 * @throws InvalidTransactionError with the code of the rule that is broken, TraceAbortedError
 */
export async function simulateBlocks(options: SimulateBlocksOptions): Promise<SimulatedBlock[]> {
  const { common, state, base } = options
  const planned = planBlocks(base, options.blocks)
  const vm = await vmFor(common, state)
  const depth = state.openCheckpoints
  await state.checkpoint()
  const simulation = new Simulation(options, vm)
  try {
    let parent = { hash: headerHash(base), header: base }
    const simulated: SimulatedBlock[] = []
    for (const plan of planned) {
      const result = await simulation.run(plan, parent)
      simulated.push(result)
      parent = result.block
      await nextTurn()
    }
    return simulated
  } finally {
    simulation.restorePrecompiles()
    if (state.openCheckpoints !== depth + 1) dropVm(state)
    state.revertTo(depth)
    vm.evm.journal.cleanJournal()
    state.originalStorageCache.clear()
  }
}

interface ExecutedCall {
  readonly transaction: Omit<SealedTransaction, 'blockHash'>
  readonly type: number
  readonly outcome: MessageOutcome
  /** With transfers, where they are asked for. */
  readonly shownLogs: MessageOutcome['logs']
}

class Simulation {
  readonly #options: SimulateBlocksOptions
  readonly #vm: VM
  #gasLeft = gasBudget
  #restorers: (() => void)[] = []

  constructor(options: SimulateBlocksOptions, vm: VM) {
    this.#options = options
    this.#vm = vm
  }

  restorePrecompiles(): void {
    for (const restore of this.#restorers.toReversed()) restore()
  }

  async run(plan: PlannedBlock, parent: { readonly hash: Hex; readonly header: BlockHeader }): Promise<SimulatedBlock> {
    const { state, signal } = this.#options
    const header = plannedHeader(plan, parent, this.#options)
    const { stateOverrides = new Map() } = plan
    this.#restorers.push(movePrecompiles(this.#vm, stateOverrides))
    await applyStateOverrides(state, stateOverrides)
    await applySystemCalls(state, header)
    const executed: ExecutedCall[] = []
    let gasUsed = 0n
    for (const [index, call] of plan.calls.entries()) {
      assertNotAborted(signal)
      const result = await this.#execute(call, { header, index, gasUsed })
      gasUsed += result.outcome.gasUsed
      executed.push(result)
      if (index % callsPerTurn === callsPerTurn - 1) await nextTurn()
    }
    await this.#credit(plan.withdrawals)
    return completeBlock({ header: { ...header, stateRoot: state.rootNow(), gasUsed }, executed, withdrawals: plan.withdrawals })
  }

  async #execute(
    call: CallRequest,
    { header, index, gasUsed }: { readonly header: BlockHeader; readonly index: number; readonly gasUsed: bigint },
  ): Promise<ExecutedCall> {
    const { common, state, traceTransfers, signal } = this.#options
    const sender = call.from ?? zeroAddress
    const nonce = this.#nonceOf(call, sender)
    const remaining = header.gasLimit - gasUsed
    const wanted = call.gas ?? remaining
    if (wanted > remaining) {
      throw new InvalidTransactionError(`block gas limit reached: ${gasUsed + wanted} >= ${header.gasLimit}`, 'BLOCK_GAS_LIMIT')
    }
    const gas = wanted < this.#gasLeft ? wanted : this.#gasLeft
    const transfers = traceTransfers ? new TransferLogger() : undefined
    const outcome = await executeMessage(call, {
      ...{ common, vm: this.#vm, state, environment: header, gas, prices: this.#pricesOf(call, header), settles: true },
      ...(transfers && { observer: transfers }),
      ...(signal && { signal }),
    })
    this.#gasLeft -= outcome.gasUsed
    const { type, raw } = unsignedEnvelope(call, { chainId: common.chainId(), nonce, gas })
    return {
      transaction: { hash: keccak256Hex(raw), raw, sender, blockNumber: header.number, index },
      type,
      outcome,
      shownLogs: transfers?.logs() ?? outcome.logs,
    }
  }

  #nonceOf({ nonce }: CallRequest, sender: Hex): bigint {
    const expected = this.#options.state.now.account(sender)?.nonce ?? 0n
    if (nonce === undefined || !this.#options.validation) return nonce ?? expected
    if (nonce < expected) {
      throw new InvalidTransactionError(`nonce too low: address ${sender}, tx: ${nonce} state: ${expected}`, 'NONCE_TOO_LOW')
    }
    if (nonce > expected) {
      throw new InvalidTransactionError(`nonce too high: address ${sender}, tx: ${nonce} state: ${expected}`, 'NONCE_TOO_HIGH')
    }
    return nonce
  }

  #pricesOf(call: CallRequest, { baseFeePerGas }: BlockHeader): GasPrices {
    if (!this.#options.validation) return pricesOf(call, baseFeePerGas)
    const { gasPrice, maxFeePerGas = 0n, maxPriorityFeePerGas = 0n } = call
    return chargedPrices({ max: gasPrice ?? maxFeePerGas, tip: gasPrice ?? maxPriorityFeePerGas }, baseFeePerGas)
  }

  /** EIP-4895. */
  async #credit(withdrawals: readonly Withdrawal[]): Promise<void> {
    const { state } = this.#options
    for (const { address, amountGwei } of withdrawals) {
      const target = createAddressFromString(address)
      const account = (await state.getAccount(target)) ?? new Account()
      account.balance += amountGwei * weiPerGwei
      await state.putAccount(target, account)
    }
  }
}

interface BlockContents {
  readonly header: BlockHeader
  readonly executed: readonly ExecutedCall[]
  readonly withdrawals: readonly Withdrawal[]
}

function completeBlock({ header: start, executed, withdrawals }: BlockContents): SimulatedBlock {
  let cumulativeGasUsed = 0n
  const receipts = executed.map(({ type, outcome: { status, gasUsed, logs } }) => {
    cumulativeGasUsed += gasUsed
    return { type, succeeded: status === 'success', cumulativeGasUsed, bloom: bloomOf(logs), logs }
  })
  const raws = executed.map(({ transaction: { raw } }) => raw)
  const header: BlockHeader = {
    ...start,
    transactionsRoot: bytesToHex(orderedTrieRoot(raws)),
    receiptsRoot: bytesToHex(orderedTrieRoot(receipts.map(encodeReceipt))),
    logsBloom: bytesToHex(unionOf(receipts.map(({ bloom }) => bloom))),
    withdrawalsRoot: bytesToHex(orderedTrieRoot(withdrawals.map(encodeWithdrawal))),
  }
  const hash = headerHash(header)
  let logIndex = 0
  return {
    block: {
      hash,
      header,
      transactions: executed.map(({ transaction }) => ({ ...transaction, blockHash: hash })),
      withdrawals,
      size: encodeBlock({ header, transactions: raws, withdrawals }).length,
    },
    calls: executed.map(({ transaction, outcome, shownLogs }): SimulatedCall => {
      const place = {
        blockHash: hash,
        blockNumber: header.number,
        blockTimestamp: header.timestamp,
        transactionHash: transaction.hash,
        transactionIndex: transaction.index,
      }
      return { ...outcome, logs: shownLogs.map((log): Log => ({ ...log, ...place, logIndex: logIndex++ })) }
    }),
  }
}

function bloomOf(logs: MessageOutcome['logs']): Uint8Array {
  const bloom = new Bloom()
  for (const { address, topics } of logs) {
    for (const item of [address, ...topics]) bloom.add(hexToBytes(item))
  }
  return bloom.bitvector
}
