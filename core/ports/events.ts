import type { Batch } from '../chain/batch.ts'
import type { Receipt, SealedBlock } from '../chain/block.ts'
import type { Hex } from '../hex.ts'

export interface NodeEvents {
  /** A block was sealed and stored. */
  block: { readonly block: SealedBlock; readonly receipts: readonly Receipt[] }
  /** The chain was cut back to `head` by a snapshot revert. */
  rewind: { readonly head: bigint }
  pendingTransaction: { readonly hash: Hex }
  /** A batch was sealed or changed its status. */
  batch: { readonly batch: Batch }
}

export interface EventSource {
  /** Listeners run after the state they tell of is stored; what they throw is logged and dropped. Returns the unsubscriber. */
  on<E extends keyof NodeEvents>(event: E, listener: (payload: NodeEvents[E]) => void): () => void
}

export interface EventSink {
  emit<E extends keyof NodeEvents>(event: E, payload: NodeEvents[E]): void
}
