import { type Hex, InvalidTransactionError } from '../../core/index.ts'
import type { DecodedTransaction } from './decode.ts'
import { limits } from './limits.ts'
import { SealingOrder } from './sealing-order.ts'
import { type PoolEntry, SenderQueue } from './sender-queue.ts'

export interface MempoolLimits {
  readonly transactions: number
  readonly bytes: number
}

/** What accepting a transaction will do to the pool. */
export interface Admission {
  readonly entry: PoolEntry
  /** Replaced or evicted by it. */
  readonly removed: readonly PoolEntry[]
}

/**
 * The accepted and unsealed transactions in memory. It knows nothing of the database: `plan` says what would change, the
 * caller makes that durable, then calls `apply`.
 */
export class Mempool {
  readonly #limits: MempoolLimits
  readonly #queues = new Map<Hex, SenderQueue>()
  readonly #byHash = new Map<Hex, PoolEntry>()
  #bytes = 0
  #nextArrival = 1
  #version = 0

  constructor(bounds: MempoolLimits = { transactions: limits.poolTransactions, bytes: limits.poolBytes }) {
    this.#limits = bounds
  }

  get size(): number {
    return this.#byHash.size
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version
  }

  find(hash: Hex): PoolEntry | undefined {
    return this.#byHash.get(hash)
  }

  /** Nonce after the sender's executable transactions; undefined where it has none pooled. */
  nextNonce(sender: Hex): bigint | undefined {
    return this.#queues.get(sender)?.nextNonce
  }

  /** Upper bound of what the sender's pooled transactions cost, but for the one with this nonce. */
  costOfOthers(sender: Hex, nonce: bigint): bigint {
    const queue = this.#queues.get(sender)
    return queue === undefined ? 0n : queue.cost - (queue.get(nonce)?.maxCost ?? 0n)
  }

  order(baseFeePerGas: bigint): SealingOrder {
    return new SealingOrder(this.#queues.values(), baseFeePerGas)
  }

  /** Executable by nonce, in sealing order; what cannot pay this base fee comes last. */
  pending(baseFeePerGas: bigint): PoolEntry[] {
    const order = this.order(baseFeePerGas)
    const listed = new Set<PoolEntry>()
    for (let entry = order.peek(); entry !== undefined; entry = order.peek()) {
      listed.add(entry)
      order.advance()
    }
    for (const queue of this.#queues.values()) {
      for (const entry of queue.all()) if (queue.isExecutable(entry)) listed.add(entry)
    }
    return [...listed]
  }

  queued(): PoolEntry[] {
    return [...this.#queues.values()].flatMap((queue) => [...queue.all()].filter((entry) => !queue.isExecutable(entry)))
  }

  /** By arrival. */
  all(): PoolEntry[] {
    return [...this.#byHash.values()].sort((a, b) => a.arrival - b.arrival)
  }

  /** @throws InvalidTransactionError `already known`, `replacement transaction underpriced`, `txpool is full` */
  plan(transaction: DecodedTransaction, accountNonce: bigint): Admission {
    if (this.#byHash.has(transaction.hash)) throw new InvalidTransactionError('already known', 'ALREADY_KNOWN')
    const entry: PoolEntry = { ...transaction, arrival: this.#nextArrival }
    const queue = this.#queues.get(transaction.sender)
    const replaced = queue?.get(transaction.nonce)
    if (replaced !== undefined) {
      assertPriceBump(transaction, replaced)
      return { entry, removed: [replaced] }
    }
    const waits = transaction.nonce > (queue?.nextNonce ?? accountNonce)
    return { entry, removed: this.#makeRoom({ entry, waits }) }
  }

  /** `accountNonce`: the sender's in the newest state. */
  apply({ entry, removed }: Admission, accountNonce: bigint): void {
    for (const gone of removed) this.remove(gone)
    this.restore(entry, accountNonce)
  }

  /** Puts back an entry as it was. */
  restore(entry: PoolEntry, accountNonce: bigint): void {
    const queue = this.#queues.get(entry.sender) ?? new SenderQueue(accountNonce)
    this.#queues.set(entry.sender, queue)
    queue.set(entry)
    this.#version++
    this.#byHash.set(entry.hash, entry)
    this.#bytes += entry.raw.length
    this.#nextArrival = Math.max(this.#nextArrival, entry.arrival + 1)
  }

  remove(entry: PoolEntry): void {
    if (!this.#byHash.delete(entry.hash)) return
    this.#version++
    this.#bytes -= entry.raw.length
    const queue = this.#queues.get(entry.sender)
    queue?.delete(entry.nonce)
    if (queue?.isEmpty) this.#queues.delete(entry.sender)
  }

  /** Tells the pool of an account's nonce in a new state. Returns what can never be included any more, already removed. */
  setAccountNonce(sender: Hex, accountNonce: bigint): readonly PoolEntry[] {
    const queue = this.#queues.get(sender)
    if (queue === undefined) return []
    const stale = queue.setAccountNonce(accountNonce)
    this.#version++
    for (const entry of stale) {
      this.#byHash.delete(entry.hash)
      this.#bytes -= entry.raw.length
    }
    if (queue.isEmpty) this.#queues.delete(sender)
    return stale
  }

  /** The sender's transactions with nonces below this. */
  below(sender: Hex, nonce: bigint): readonly PoolEntry[] {
    return this.#queues.get(sender)?.below(nonce) ?? []
  }

  clear(): void {
    this.#version++
    this.#queues.clear()
    this.#byHash.clear()
    this.#bytes = 0
  }

  /** What has to go for `newcomer` to fit: never the middle of a sender's sequence, and nothing that is worth as much. */
  #makeRoom(newcomer: Ranked): PoolEntry[] {
    const removed = new Map<Hex, PoolEntry>()
    let bytes = this.#bytes + newcomer.entry.raw.length
    while (this.size - removed.size >= this.#limits.transactions || bytes > this.#limits.bytes) {
      const worst = this.#worst(removed, newcomer.entry.sender)
      if (worst === undefined || !isWorse(worst, newcomer)) throw new InvalidTransactionError('txpool is full', 'TXPOOL_FULL')
      removed.set(worst.entry.sender, worst.entry)
      bytes -= worst.entry.raw.length
    }
    return [...removed.values()]
  }

  // One per sender is enough, and dropping the newcomer's own sender's would make a gap below it.
  #worst(removed: ReadonlyMap<Hex, PoolEntry>, sender: Hex): Ranked | undefined {
    let worst: Ranked | undefined
    for (const [owner, queue] of this.#queues) {
      const entry = queue.last()
      if (entry === undefined || owner === sender || removed.has(owner)) continue
      const candidate = { entry, waits: !queue.isExecutable(entry) }
      if (worst === undefined || isWorse(candidate, worst)) worst = candidate
    }
    return worst
  }
}

interface Ranked {
  readonly entry: PoolEntry
  readonly waits: boolean
}

function isWorse(a: Ranked, b: Ranked): boolean {
  if (a.waits !== b.waits) return a.waits
  if (a.entry.maxPriorityFeePerGas !== b.entry.maxPriorityFeePerGas) return a.entry.maxPriorityFeePerGas < b.entry.maxPriorityFeePerGas
  if (a.entry.maxFeePerGas !== b.entry.maxFeePerGas) return a.entry.maxFeePerGas < b.entry.maxFeePerGas
  return a.entry.arrival > b.entry.arrival
}

function assertPriceBump(transaction: DecodedTransaction, replaced: PoolEntry): void {
  const bumped = (fee: bigint): bigint => (fee * (100n + limits.priceBumpPercent) + 99n) / 100n
  const enough =
    transaction.maxFeePerGas >= bumped(replaced.maxFeePerGas) &&
    transaction.maxPriorityFeePerGas >= bumped(replaced.maxPriorityFeePerGas) &&
    transaction.maxFeePerGas > replaced.maxFeePerGas
  if (!enough) throw new InvalidTransactionError('replacement transaction underpriced', 'REPLACEMENT_UNDERPRICED')
}
