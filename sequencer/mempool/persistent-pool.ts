import { type Hex, InvalidTransactionError, type Logger, type StateView } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import type { StateChanges } from '../../stf/index.ts'
import type { PoolTable } from '../storage/pool-table.ts'
import { type DecodedTransaction, decodeAcceptedTransaction } from './decode.ts'
import type { Mempool } from './mempool.ts'
import type { PoolEntry } from './sender-queue.ts'
import { assertExecutable } from './validity.ts'

/** The pool in memory and its rows, kept equal. */
export class PersistentPool {
  readonly mempool: Mempool
  /** Without a row. */
  readonly #unkept = new Set<PoolEntry>()
  /** Whose senders were told of them, without a row. */
  readonly #answered = new WeakSet<PoolEntry>()
  readonly #deps: { readonly database: DevnetDatabase; readonly table: PoolTable; readonly log: Logger }

  constructor(mempool: Mempool, deps: { readonly database: DevnetDatabase; readonly table: PoolTable; readonly log: Logger }) {
    this.mempool = mempool
    this.#deps = deps
  }

  /**
   * Accepts a transaction on top of `state`. Its sender may be told of it once it is sealed, or `keep` was called.
   *
   * @throws InvalidTransactionError
   */
  admit(transaction: DecodedTransaction, state: StateView): PoolEntry {
    const { mempool } = this
    // Before the state is looked at: a client that sends again must not read `nonce too low` or `insufficient funds`.
    if (mempool.find(transaction.hash) !== undefined) throw new InvalidTransactionError('already known', 'ALREADY_KNOWN')
    const { sender, nonce } = transaction
    assertExecutable(transaction, state, { pooledCost: mempool.costOfOthers(sender, nonce) })
    const accountNonce = state.account(sender).nonce
    const admission = mempool.plan(transaction, accountNonce)
    const { entry, removed } = admission
    if (removed.length === 0) this.#unkept.add(entry)
    else {
      this.#deps.database.transaction(() => {
        this.deleteRows(removed)
        this.#deps.table.insert(entry)
      })
    }
    mempool.apply(admission, accountNonce)
    return entry
  }

  /**
   * Has on disk what was accepted and is not sealed. Where that fails it was not accepted, unless its sender knows of it: then it is tried again.
   *
   * With automine a transaction, or its block, is in the chain's journal before its sender is told of it: mostly there is nothing to do.
   */
  keep(): void {
    const pooled = [...this.#unkept].filter((entry) => this.mempool.find(entry.hash) === entry)
    this.#unkept.clear()
    if (pooled.length === 0) return
    try {
      this.#deps.database.transaction(() => {
        for (const entry of pooled) this.#deps.table.insert(entry)
      })
    } catch (error) {
      for (const entry of pooled) {
        if (this.#answered.has(entry)) this.#unkept.add(entry)
        else this.mempool.remove(entry)
      }
      throw error
    }
  }

  /** The sender is told of it now: the chain's journal has it. */
  answered(entry: PoolEntry): void {
    this.#answered.add(entry)
  }

  /** What a block with these changes leaves in the pool without a future. */
  staleAfter(changes: StateChanges): PoolEntry[] {
    return changes.flatMap(({ address, after }) => this.mempool.below(address, after?.nonce ?? 0n))
  }

  hasRows(entries: ReadonlySet<PoolEntry>): boolean {
    return [...entries].some((entry) => !this.#unkept.has(entry))
  }

  /** Deletes the rows; the caller holds the transaction. */
  deleteRows(entries: Iterable<PoolEntry>): void {
    for (const entry of entries) if (!this.#unkept.has(entry)) this.#deps.table.delete(entry.arrival)
  }

  /** Follows a stored block in memory. */
  follow(changes: StateChanges, gone: Iterable<PoolEntry>): void {
    for (const entry of gone) this.mempool.remove(entry)
    for (const { address, after } of changes) this.mempool.setAccountNonce(address, after?.nonce ?? 0n)
  }

  /** Fills the memory from the rows; what is not valid on top of `state` any more is dropped. */
  load(chainId: bigint, state: StateView): void {
    const { table, log } = this.#deps
    for (const { arrival, raw } of table.all()) {
      try {
        const entry = { ...decodeAcceptedTransaction(raw, chainId), arrival }
        assertExecutable(entry, state, { pooledCost: 0n })
        this.mempool.restore(entry, state.account(entry.sender).nonce)
      } catch (error) {
        if (!(error instanceof InvalidTransactionError)) throw error
        log.warn({ arrival, reason: error.message }, 'pooled transaction dropped')
        table.delete(arrival)
      }
    }
  }

  /** Takes entries out for good. */
  remove(entries: readonly PoolEntry[]): void {
    this.#deps.database.transaction(() => this.deleteRows(entries))
    for (const entry of entries) this.mempool.remove(entry)
  }

  /** Makes these the pool's rows; `refill` follows once that is committed. */
  replaceRows(entries: readonly PoolEntry[]): void {
    this.#deps.table.replaceAll(entries)
  }

  refill(entries: readonly PoolEntry[], nonceOf: (sender: Hex) => bigint): void {
    this.mempool.clear()
    for (const entry of entries) this.mempool.restore(entry, nonceOf(entry.sender))
  }
}
