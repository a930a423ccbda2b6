import type { Clock, EventSink, FaultPoint, Logger, SealingControl, Service, Simulator, TransactionPool } from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import type { InboxFeed } from './blocks/inbox-feed.ts'
import type { WriterLock } from './blocks/writer-lock.ts'
import type { SnapshotParticipant } from './snapshots/participant.ts'
import type { ChainStore, Finality } from './storage/chain-store.ts'

export interface ChainDeps {
  readonly database: DevnetDatabase
  readonly feed: InboxFeed
  /** Asked lazily, so that the batches may be made after the chain. */
  readonly finality: Finality
  readonly clock: Clock
  readonly events: EventSink
  readonly log: Logger
  readonly faults: FaultPoint
}

/** The L2 chain: what `createChain` resolves with. */
export interface L2Chain extends Service {
  /** ChainReader and StateReader, and what batches need. */
  readonly store: ChainStore
  readonly pool: TransactionPool
  readonly sealing: SealingControl
  readonly simulator: Simulator
  /** Held while a block is sealed; snapshots hold it throughout. */
  readonly writers: WriterLock
  /** The chain's own part of a snapshot. */
  readonly snapshot: SnapshotParticipant
  /** Tells the sealer that the feed has new deposits. Resolves when they are sealed (automine) or at once. */
  depositsArrived(): Promise<void>
}
