import { type Abi, decodeErrorResult, keccak256, type LocalAccount, parseTransaction } from 'viem'
import type { Hex, Logger } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { bumpedFees, type Fees, marketFees } from './fees.ts'
import type { L1Client, L1Receipt } from './l1-client.ts'
import { L1RevertedError, L1RpcError, L1TransactionFailedError, L1TransactionLostError, L1TransactionRejectedError } from './l1-errors.ts'
import { type PendingTransaction, PendingTransactions } from './pending-transactions.ts'
import type { Timers } from './timers.ts'

export interface L1Request {
  /** What it does, in words: `commit of batches 3…7`. */
  readonly action: string
  readonly to: Hex
  readonly data: Hex
}

export interface L1SenderOptions {
  readonly chainId: bigint
  /** Between two looks for a receipt. */
  readonly pollMs: number
  /** A transaction that was not mined for this long is sent again with higher fees. */
  readonly bumpAfterMs: number
  /** Never offer more per gas, in wei. */
  readonly feeCap: bigint
}

export interface L1SenderDeps {
  readonly l1: L1Client
  readonly database: DevnetDatabase
  readonly account: LocalAccount
  /** Errors of all contracts that requests may reach. */
  readonly errors: Abi
  readonly timers: Timers
  readonly log: Logger
}

// EIP-7825.
const transactionGasCap = 16_777_216n
const gasHeadroom = { numerator: 12n, denominator: 10n }

// One URL may hide several L1 nodes, and one that lags knows the nonce before the receipt.
const looksBeforeLost = 3

const alreadyInPool = /already known|known transaction|already imported|already exists/i
// Too high: the L1 lost transactions before this one, and its pool keeps none with a gap.
const nonceOff = /nonce.*(too low|too high|already been used)|old nonce/i
const unacceptable =
  /insufficient (funds|balance)|enough funds|exceeds|intrinsic gas|gas limit|not supported|invalid (transaction|sender|chain)|oversized/i
const feesTooLow = /underpriced|fee too low|transaction gas price .* too low/i

/**
 * The queue of L1 transactions of one key: one in flight at a time.
 *
 * What is signed is stored before it is sent, and stays until its fate is known. So a restart sends the same bytes again,
 * and no nonce is used for two purposes. Callers decide from the state of the contract, never from the outcome alone.
 */
export class L1Sender {
  readonly #opts: L1SenderOptions
  readonly #deps: L1SenderDeps
  readonly #pending: PendingTransactions
  #queue: Promise<unknown> = Promise.resolve()

  constructor(opts: L1SenderOptions, deps: L1SenderDeps) {
    this.#opts = opts
    this.#deps = deps
    this.#pending = new PendingTransactions(deps.database)
  }

  get address(): Hex {
    return this.#deps.account.address
  }

  /** The transaction in flight: newest of its fee bumps. */
  inFlight(): PendingTransaction | undefined {
    return this.#pending.list().at(-1)
  }

  /**
   * Sends a transaction and waits until it is mined. `onSent` runs when the L1 has it.
   *
   * Throws `L1RevertedError` (nothing was sent), `L1TransactionFailedError`, `L1TransactionRejectedError`, `L1TransactionLostError`,
   * and what `L1Client` throws: then its fate is open and the next `send` or `resume` settles it.
   */
  send(request: L1Request, { signal, onSent }: { signal: AbortSignal; onSent?: () => void }): Promise<L1Receipt> {
    return this.#enqueue(async () => {
      await this.#settleLeftover(signal)
      await this.#signAndStore(request)
      await this.#broadcast()
      onSent?.()
      return this.#awaitFate(signal)
    })
  }

  /** Settles the transaction that an earlier run or a failed `send` left in flight. */
  resume(signal: AbortSignal): Promise<void> {
    return this.#enqueue(() => this.#settleLeftover(signal))
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async #settleLeftover(signal: AbortSignal): Promise<void> {
    const leftover = this.inFlight()
    if (leftover === undefined) return
    this.#deps.log.info({ action: leftover.action, tx: leftover.hash, nonce: leftover.nonce }, 'L1 transaction resumed')
    try {
      await this.#broadcast()
      await this.#awaitFate(signal)
    } catch (error) {
      // Its fate is known and the caller looks at the contract anyway.
      if (this.inFlight() !== undefined) throw error
      this.#deps.log.warn({ action: leftover.action, tx: leftover.hash, err: error }, 'resumed L1 transaction had no effect')
    }
  }

  async #signAndStore({ action, to, data }: L1Request): Promise<void> {
    const { l1, account } = this.#deps
    const [estimate, fees, nonce] = await Promise.all([
      this.#estimate({ action, to, data }),
      marketFees(l1),
      l1.nonce(account.address, 'pending'),
    ])
    const gas = (estimate * gasHeadroom.numerator) / gasHeadroom.denominator
    await this.#store({ to, data, nonce, gas: gas > transactionGasCap ? transactionGasCap : gas, ...this.#capped(fees) }, action)
  }

  async #estimate({ action, to, data }: L1Request): Promise<bigint> {
    try {
      return await this.#deps.l1.estimateGas({ from: this.address, to, data })
    } catch (error) {
      throw error instanceof L1RevertedError ? this.#decoded(action, error.data) : error
    }
  }

  #decoded(action: string, data: Hex): L1RevertedError {
    try {
      const { errorName, args } = decodeErrorResult({ abi: this.#deps.errors, data })
      return new L1RevertedError({ action, contractError: errorName, args: args ?? [], data })
    } catch {
      return new L1RevertedError({ action, data })
    }
  }

  #capped({ maxFeePerGas, maxPriorityFeePerGas }: Fees): Fees {
    const cap = this.#opts.feeCap
    return {
      maxFeePerGas: maxFeePerGas > cap ? cap : maxFeePerGas,
      maxPriorityFeePerGas: maxPriorityFeePerGas > cap ? cap : maxPriorityFeePerGas,
    }
  }

  async #store(fields: { to: Hex; data: Hex; nonce: number; gas: bigint } & Fees, action: string): Promise<void> {
    const raw = await this.#deps.account.signTransaction({ type: 'eip1559', chainId: Number(this.#opts.chainId), ...fields })
    this.#pending.add({ hash: keccak256(raw), nonce: fields.nonce, action, raw })
  }

  /** Hands the newest attempt to the L1 node. A pool that has it, or a chain that has it, is as good. */
  async #broadcast(): Promise<void> {
    const newest = this.inFlight()
    if (newest === undefined) return
    try {
      await this.#deps.l1.sendRawTransaction(newest.raw)
    } catch (error) {
      if (!(error instanceof L1RpcError)) throw error
      if (alreadyInPool.test(error.rpcMessage) || nonceOff.test(error.rpcMessage) || feesTooLow.test(error.rpcMessage)) return
      // Some nodes mine a failing transaction at once and answer with its revert.
      if ((await this.#minedReceipt()) !== undefined) return
      // A node that is busy or syncing says nothing of the transaction: it stays, and the same bytes are sent again.
      if (!unacceptable.test(error.rpcMessage)) throw error
      // A bump that is refused leaves the earlier attempts where they are.
      if (this.#pending.list().length === 1) this.#pending.clear()
      throw new L1TransactionRejectedError({ action: newest.action, reason: error.rpcMessage, cause: error })
    }
  }

  async #minedReceipt(): Promise<L1Receipt | undefined> {
    for (const { hash } of this.#pending.list()) {
      const receipt = await this.#deps.l1.receipt(hash)
      if (receipt !== null) return receipt
    }
    return undefined
  }

  async #awaitFate(signal: AbortSignal): Promise<L1Receipt> {
    const { timers } = this.#deps
    let sentAtMs = timers.nowMs()
    let looksWithoutReceipt = 0
    for (;;) {
      signal.throwIfAborted()
      const newest = this.inFlight()
      if (newest === undefined) throw new Error('no L1 transaction is in flight')
      // In this order: a transaction that is mined between the two reads is found by the next look.
      const nonces = await this.#nonces()
      const receipt = await this.#minedReceipt()
      if (receipt !== undefined) return this.#settled(newest, receipt)
      if (nonces.latest > newest.nonce && ++looksWithoutReceipt === looksBeforeLost) {
        this.#lose(newest, 'another transaction used its nonce')
      }
      await timers.sleep(this.#opts.pollMs, signal)
      if (timers.nowMs() - sentAtMs < this.#opts.bumpAfterMs) continue
      if (nonces.pending < newest.nonce) this.#lose(newest, `the next nonce of the account is ${nonces.pending}`)
      await this.#bump(newest)
      await this.#broadcast()
      sentAtMs = timers.nowMs()
    }
  }

  async #nonces(): Promise<{ latest: number; pending: number }> {
    const [latest, pending] = await Promise.all([this.#deps.l1.nonce(this.address, 'latest'), this.#deps.l1.nonce(this.address, 'pending')])
    return { latest, pending }
  }

  #settled({ action, hash }: PendingTransaction, receipt: L1Receipt): L1Receipt {
    this.#pending.clear()
    if (receipt.status !== 1n) throw new L1TransactionFailedError({ action, hash })
    return receipt
  }

  #lose({ action, nonce }: PendingTransaction, reason: string): never {
    this.#pending.clear()
    throw new L1TransactionLostError({ action, nonce, reason })
  }

  async #bump({ action, raw, nonce }: PendingTransaction): Promise<void> {
    const { to, data, gas, maxFeePerGas, maxPriorityFeePerGas } = parseTransaction(raw)
    if (!to || data === undefined || gas === undefined || maxFeePerGas === undefined) throw new Error('stored L1 transaction is damaged')
    const fees = bumpedFees({ maxFeePerGas, maxPriorityFeePerGas: maxPriorityFeePerGas ?? 0n }, await marketFees(this.#deps.l1))
    if (fees.maxFeePerGas > this.#opts.feeCap) {
      this.#deps.log.warn({ action, nonce, feeCap: this.#opts.feeCap }, 'L1 transaction waits: the fee cap is reached')
      return
    }
    await this.#store({ to, data, gas, nonce, ...fees }, action)
    this.#deps.log.info({ action, nonce, maxFeePerGas: fees.maxFeePerGas }, 'L1 transaction sent again with higher fees')
  }
}
