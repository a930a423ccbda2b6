import { createBlock } from '@ethereumjs/block'
import type { TypedTransaction } from '@ethereumjs/tx'
import { Account, createAddressFromString } from '@ethereumjs/util'
import { type RunTxResult, runTx, type VM } from '@ethereumjs/vm'
import { type BlockHeader, bytesToHex, DevnetError, InvalidTransactionError, rules, type SealedBlock } from '../../core/index.ts'
import { emptyOmmersHash, emptyRequestsHash, headerHash, nextBaseFee, zeroNonce } from '../block/header.ts'
import { withConsole } from '../console/console-listener.ts'
import { emptyTrieRoot } from '../trie/trie.ts'
import { BlockBuildError, BlockGasExceededError } from './errors.ts'
import { evmErrorWording } from './evm-errors.ts'
import { impersonatedSenderOf, withoutSenderCheck } from './impersonation.ts'
import { completeBlock, type IncludedTransaction, sealBlock } from './seal.ts'
import { applySystemCalls } from './system-calls.ts'
import { assertExecutable, decodeSealedTransaction, decodeTransaction } from './transaction-checks.ts'
import type { BlockExecutionOptions, ExecutedBlock, TransactionOutcome } from './types.ts'
import { dropVm, vmFor } from './vm.ts'

const weiPerGwei = 10n ** 9n
const zeroHash = bytesToHex(new Uint8Array(32))
const zeroBloom = bytesToHex(new Uint8Array(256))
const maxUint64 = 2n ** 64n - 1n

/** The header as far as it is known before the first transaction. */
function startHeader(options: BlockExecutionOptions): BlockHeader {
  const { parent } = options
  return {
    parentHash: headerHash(parent),
    ommersHash: emptyOmmersHash,
    coinbase: options.coinbase,
    stateRoot: zeroHash,
    transactionsRoot: zeroHash,
    receiptsRoot: zeroHash,
    logsBloom: zeroBloom,
    difficulty: 0n,
    number: parent.number + 1n,
    gasLimit: options.overrides?.gasLimit ?? rules.blockGasLimit,
    gasUsed: 0n,
    timestamp: options.timestamp,
    extraData: options.extraData,
    mixHash: options.prevRandao,
    nonce: zeroNonce,
    baseFeePerGas: options.overrides?.baseFeePerGas ?? nextBaseFee(parent),
    withdrawalsRoot: bytesToHex(emptyTrieRoot),
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: options.inboxRoot,
    requestsHash: emptyRequestsHash,
  }
}

function assertOptions({ parent, timestamp, extraData, deposits }: BlockExecutionOptions): void {
  if (timestamp <= parent.timestamp || timestamp > maxUint64) {
    throw new BlockBuildError(`timestamp ${timestamp} is not after the parent's ${parent.timestamp}`)
  }
  if (extraData.length > 2 + 64) throw new BlockBuildError('extraData is longer than 32 bytes')
  if (deposits.length > rules.maxDepositsPerBlock) {
    throw new BlockBuildError(`${deposits.length} deposits are more than ${rules.maxDepositsPerBlock}`)
  }
  for (const { index, amountGwei } of deposits) {
    if (amountGwei < 0n || amountGwei > maxUint64) throw new BlockBuildError(`deposit ${index} of ${amountGwei} Gwei does not fit 64 bits`)
  }
}

/**
 * One L2 block in the making, transaction by transaction. Linear in their number: each runs on the same state, roots are
 * computed once, at the end. Nothing is committed before `seal`; `abandon` leaves the state as it was.
 */
export class BlockExecution {
  readonly #options: BlockExecutionOptions
  #vm: VM
  readonly #header: BlockHeader
  readonly #block: ReturnType<typeof createBlock>
  readonly #included: IncludedTransaction[] = []
  #gasUsed = 0n
  #transactionBytes = 0
  #open = true
  // A checkpoint stands before the last transaction until the next one is added.
  #canUndo = false
  #touchedBefore = 0

  private constructor(options: BlockExecutionOptions, vm: VM, header: BlockHeader) {
    this.#options = options
    this.#vm = vm
    this.#header = header
    this.#block = createBlock(
      {
        header: {
          number: header.number,
          timestamp: header.timestamp,
          coinbase: header.coinbase,
          gasLimit: header.gasLimit,
          baseFeePerGas: header.baseFeePerGas,
          mixHash: header.mixHash,
        },
      },
      { common: options.common, skipConsensusFormatValidation: true },
    )
  }

  /**
   * Starts the block after `parent`: makes the system calls.
   * @throws BlockBuildError
   */
  static async begin(options: BlockExecutionOptions): Promise<BlockExecution> {
    assertOptions(options)
    const vm = await vmFor(options.common, options.state)
    const execution = new BlockExecution(options, vm, startHeader(options))
    await options.state.checkpoint()
    try {
      await applySystemCalls(options.state, execution.#header)
    } catch (error) {
      execution.abandon()
      throw error
    }
    return execution
  }

  /** The header so far; roots, bloom and gasUsed are filled in by `seal`. */
  get header(): BlockHeader {
    return this.#header
  }

  /** For simulations on top of the block so far: read it, or use it between checkpoint and revert. */
  get vm(): VM {
    return this.#vm
  }

  get gasUsed(): bigint {
    return this.#gasUsed
  }

  /** Of the included transactions. */
  get transactionBytes(): number {
    return this.#transactionBytes
  }

  get transactionCount(): number {
    return this.#included.length
  }

  get outcomes(): readonly TransactionOutcome[] {
    return this.#included.map(({ outcome }) => outcome)
  }

  /** Upper bound of the bytes that the block takes in a state diff, deposits included. */
  get stateDiffBytes(): number {
    return this.#options.state.diffBytes + this.#options.deposits.length * 67
  }

  /** Upper bound of the bytes of nodes and codes that a stateless client needs for what the block has executed. */
  get witnessBytes(): number {
    return this.#options.state.witnessBytes
  }

  /**
   * Executes a transaction as the block's next one: a signed one, or one of `decodeImpersonated`, whose bytes are taken only with
   * `overrides`. Where it throws, the block is as before.
   * @throws InvalidTransactionError in geth's wording
   * @throws BlockGasExceededError when the block has no room for its gas limit
   */
  async addTransaction(transaction: TypedTransaction | Uint8Array): Promise<TransactionOutcome> {
    this.#assertOpen()
    const { state, console } = this.#options
    const tx = transaction instanceof Uint8Array ? this.#decode(transaction) : transaction
    const available = this.#header.gasLimit - this.#gasUsed
    if (tx.gasLimit > available) throw new BlockGasExceededError({ gasLimit: tx.gasLimit, available })
    if (tx.type === 3) throw new InvalidTransactionError('transaction type not supported', 'TRANSACTION_TYPE_NOT_SUPPORTED')
    const touchedBefore = state.touchedMark()
    await assertExecutable(tx, state, this.#header.baseFeePerGas)
    await this.#settle()
    const depth = state.openCheckpoints
    await state.checkpoint()
    let result: RunTxResult
    const logged: string[] = []
    try {
      const sender = impersonatedSenderOf(tx)
      const vm = sender === undefined ? this.#vm : withoutSenderCheck(this.#vm, state, sender)
      const run = () => runTx(vm, { tx, block: this.#block, blockGasUsed: this.#gasUsed, skipHardForkValidation: true })
      result = console === undefined ? await run() : await withConsole(this.#vm, logged, run)
    } catch (error) {
      if (state.openCheckpoints !== depth + 1) await this.#renewVm()
      state.revertTo(depth)
      state.forgetTouched(touchedBefore)
      if (error instanceof DevnetError) throw error
      throw new InvalidTransactionError(error instanceof Error ? error.message : String(error))
    }
    this.#canUndo = true
    this.#touchedBefore = touchedBefore
    this.#gasUsed += result.totalGasSpent
    const outcome = toOutcome(tx, result, this.#included.length)
    const raw = tx.serialize()
    this.#transactionBytes += raw.length
    this.#included.push({ outcome, raw, bloom: result.bloom.bitvector })
    for (const text of logged) console?.({ transaction: outcome.hash, text })
    return outcome
  }

  /** Takes the last transaction out again; possible once after each `addTransaction`. */
  async undoLastTransaction(): Promise<void> {
    this.#assertOpen()
    const last = this.#canUndo ? this.#included.pop() : undefined
    if (last === undefined) throw new BlockBuildError('there is no transaction to undo')
    this.#canUndo = false
    this.#gasUsed -= last.outcome.gasUsed
    this.#transactionBytes -= last.raw.length
    await this.#options.state.revert()
    this.#options.state.forgetTouched(this.#touchedBefore)
  }

  /** The block that `seal` would give now. Nothing is committed. */
  async preview(): Promise<SealedBlock> {
    this.#assertOpen()
    const { state, deposits } = this.#options
    await state.checkpoint()
    try {
      await this.#creditDeposits()
      const parts = { header: this.#header, included: this.#included, withdrawals: deposits }
      return completeBlock({ ...parts, stateRoot: state.rootNow() }).block
    } finally {
      await state.revert()
    }
  }

  /** Credits the deposits, computes the roots and commits the state. */
  async seal(): Promise<ExecutedBlock> {
    this.#assertOpen()
    await this.#settle()
    await this.#creditDeposits()
    await this.#options.state.commit()
    this.#open = false
    return sealBlock({
      header: this.#header,
      included: this.#included,
      withdrawals: this.#options.deposits,
      commit: this.#options.state.commitBlock(),
    })
  }

  /** Gives the block up. */
  abandon(): void {
    if (!this.#open) return
    this.#open = false
    this.#options.state.discard()
  }

  /** EIP-4895: after the transactions, and an amount of zero still touches the account. */
  async #creditDeposits(): Promise<void> {
    const { journal } = this.#vm.evm
    for (const { address, amountGwei } of this.#options.deposits) {
      const target = createAddressFromString(address)
      const account = (await this.#options.state.getAccount(target)) ?? new Account()
      account.balance += amountGwei * weiPerGwei
      await journal.putAccount(target, account)
    }
    await journal.cleanup()
  }

  #decode(raw: Uint8Array): TypedTransaction {
    const { common, overrides } = this.#options
    return overrides === undefined ? decodeTransaction(raw, common) : decodeSealedTransaction(raw, common)
  }

  async #renewVm(): Promise<void> {
    const { common, state } = this.#options
    dropVm(state)
    this.#vm = await vmFor(common, state)
  }

  async #settle(): Promise<void> {
    if (!this.#canUndo) return
    this.#canUndo = false
    await this.#options.state.commit()
  }

  #assertOpen(): void {
    if (!this.#open) throw new BlockBuildError('it is sealed or abandoned')
  }
}

function toOutcome(transaction: TypedTransaction, result: RunTxResult, index: number): TransactionOutcome {
  const { exceptionError, returnValue } = result.execResult
  const succeeded = exceptionError === undefined
  const created = transaction.to === undefined && succeeded ? result.createdAddress : undefined
  return {
    transaction,
    hash: bytesToHex(transaction.hash()),
    sender: bytesToHex(transaction.getSenderAddress().bytes),
    index,
    succeeded,
    gasUsed: result.totalGasSpent,
    createdAddress: created === undefined ? null : bytesToHex(created.bytes),
    error: exceptionError === undefined ? null : evmErrorWording(exceptionError.error),
    returnData: returnValue,
    logs: result.receipt.logs.map(([address, topics, data]) => ({
      address: bytesToHex(address),
      topics: topics.map(bytesToHex),
      data: bytesToHex(data),
    })),
  }
}
