import { effectiveTip } from './decode.ts'
import type { PoolEntry, SenderQueue } from './sender-queue.ts'

interface Candidate {
  readonly entry: PoolEntry
  readonly queue: SenderQueue
  readonly tip: bigint
}

/**
 * Pooled transactions in the order in which a block takes them: highest tip first, then first come first served, each
 * sender's by nonce (as geth and anvil do). A transaction that cannot pay the base fee holds back its sender's later ones.
 */
export class SealingOrder {
  readonly #baseFeePerGas: bigint
  readonly #heap: Candidate[] = []

  constructor(queues: Iterable<SenderQueue>, baseFeePerGas: bigint) {
    this.#baseFeePerGas = baseFeePerGas
    for (const queue of queues) this.#offer(queue, queue.first())
  }

  peek(): PoolEntry | undefined {
    return this.#heap[0]?.entry
  }

  /** The transaction on top was taken: the sender's next one comes in. */
  advance(): void {
    const top = this.#pop()
    if (top !== undefined) this.#offer(top.queue, top.queue.get(top.entry.nonce + 1n))
  }

  /** The transaction on top cannot be taken: its sender is out of this block. */
  skipSender(): void {
    this.#pop()
  }

  #offer(queue: SenderQueue, entry: PoolEntry | undefined): void {
    if (entry === undefined) return
    const tip = effectiveTip(entry, this.#baseFeePerGas)
    if (tip < 0n) return
    const candidate = { entry, queue, tip }
    let at = this.#heap.length
    this.#heap.push(candidate)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const other = this.#heap[parent]
      if (other === undefined || !isBefore(candidate, other)) break
      this.#heap[at] = other
      at = parent
    }
    this.#heap[at] = candidate
  }

  #pop(): Candidate | undefined {
    const top = this.#heap[0]
    const last = this.#heap.pop()
    if (top === undefined || last === undefined || this.#heap.length === 0) return top
    let at = 0
    for (;;) {
      const child = this.#smallerChild(at)
      const other = this.#heap[child]
      if (other === undefined || !isBefore(other, last)) break
      this.#heap[at] = other
      at = child
    }
    this.#heap[at] = last
    return top
  }

  #smallerChild(parent: number): number {
    const left = 2 * parent + 1
    const a = this.#heap[left]
    const b = this.#heap[left + 1]
    return a !== undefined && b !== undefined && isBefore(b, a) ? left + 1 : left
  }
}

function isBefore(a: Candidate, b: Candidate): boolean {
  return a.tip === b.tip ? a.entry.arrival < b.entry.arrival : a.tip > b.tip
}
