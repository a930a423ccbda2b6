import type {
  Clock,
  DevControl,
  EventSink,
  FaultPoint,
  Hex,
  Logger,
  PooledTransaction,
  SealingControl,
  Service,
  Simulator,
  TransactionPool,
  WitnessReader,
} from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import { createL2Common } from '../stf/index.ts'
import { type SettingsStorage, StoredBlockSettings } from './blocks/block-settings.ts'
import { BlockTime } from './blocks/block-time.ts'
import type { InboxFeed } from './blocks/inbox-feed.ts'
import { Sealer, type SealerOptions } from './blocks/sealer.ts'
import type { SealingGate } from './blocks/sealing-gate.ts'
import { WriterLock } from './blocks/writer-lock.ts'
import { DevTools } from './dev/dev-tools.ts'
import { Impersonations } from './dev/impersonations.ts'
import { ChainSimulator } from './execution/chain-simulator.ts'
import { executionWitness } from './execution/execution-witness.ts'
import { Mempool } from './mempool/mempool.ts'
import { PersistentPool } from './mempool/persistent-pool.ts'
import { ChainParticipant } from './snapshots/chain-participant.ts'
import type { SnapshotParticipant } from './snapshots/participant.ts'
import type { ChainStore, Finality } from './storage/chain-store.ts'
import { foundChain, type GenesisParameters } from './storage/found-chain.ts'
import { PoolTable } from './storage/pool-table.ts'
import { SqliteChainStore } from './storage/sqlite-chain-store.ts'

export interface ChainOptions {
  readonly genesis: GenesisParameters
  readonly sealing: SealerOptions
}

export interface ChainDeps {
  readonly database: DevnetDatabase
  readonly feed: InboxFeed
  /** Asked lazily, so that the batches may be made after the chain. */
  readonly finality: Finality
  /** Asked lazily, like `finality`. */
  readonly gate: SealingGate
  /** Whether L1 takes dev batches. Asked lazily, like `finality`. */
  readonly allowsDevBatches: () => boolean
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
  readonly dev: DevControl
  readonly simulator: Simulator
  readonly witness: WitnessReader
  /** Held while a block is sealed; snapshots hold it throughout. */
  readonly writers: WriterLock
  /** The chain's own part of a snapshot. */
  readonly snapshot: SnapshotParticipant
  /** Tells the sealer that the feed has new deposits. Resolves when they are sealed (automine) or at once. */
  depositsArrived(): Promise<void>
  /** Tells the sealer that the gate may have opened. */
  goOn(): Promise<void>
}

/**
 * Opens the chain of a database, or founds it. Nothing is sealed before `start`.
 *
 * @throws ChainMismatchError, HeadStateUnreadableError
 */
export async function createChain({ genesis, sealing }: ChainOptions, deps: ChainDeps): Promise<L2Chain> {
  const { database, feed, finality, clock, events, log } = deps
  await foundChain(database, genesis, feed.rootAt(0n))
  const store = new SqliteChainStore({ database, finality })
  store.assertHeadReadable()
  const pool = new PersistentPool(new Mempool(), { database, table: new PoolTable(database), log })
  pool.load(store.chainId, store.stateAt(store.head().header.number))
  const time = new BlockTime({
    clock,
    storage: {
      readOffset: () => BigInt(store.meta.get('timeOffset') ?? 0),
      writeOffset: (seconds) => store.meta.set('timeOffset', seconds.toString()),
    },
  })
  const settings = new StoredBlockSettings(metaText(store, 'blockSettings'))
  const impersonations = new Impersonations(metaText(store, 'impersonations'))
  const writers = new WriterLock()
  const sealer = new Sealer(sealing, { ...deps, store, pool, time, settings, writers })
  return {
    store,
    pool: poolOf({ store, pool, sealer }),
    sealing: sealer,
    dev: new DevTools({ ...deps, store, pool, sealer, settings, impersonations, writers }),
    simulator: new ChainSimulator({ common: createL2Common(store.chainId), store, sealer, mempool: pool.mempool, feed }),
    witness: { executionWitness: (block) => executionWitness(block, store) },
    writers,
    snapshot: new ChainParticipant({ database, store, pool, time, settings, sealer, writers, events }),
    depositsArrived: () => sealer.depositsArrived(),
    goOn: () => sealer.goOn(),
    start: () => sealer.start(),
    stop: () => sealer.stop(),
  }
}

function metaText(store: SqliteChainStore, name: 'blockSettings' | 'impersonations'): SettingsStorage {
  return { read: () => store.meta.get(name), write: (text) => store.meta.set(name, text) }
}

function poolOf({ store, pool: { mempool }, sealer }: { store: ChainStore; pool: PersistentPool; sealer: Sealer }): TransactionPool {
  return {
    submit: (raw) => sealer.submit(raw),
    accept: (raw) => sealer.accept(raw),
    find: (hash: Hex): PooledTransaction | undefined => mempool.find(hash),
    nextNonce: (sender) => mempool.nextNonce(sender) ?? store.stateAt(store.head().header.number).account(sender).nonce,
    pending: () => mempool.pending(sealer.nextBlock().baseFeePerGas),
    queued: () => mempool.queued(),
  }
}
