import { type Deployment, predeployedContracts } from '../../../contracts/index.ts'
import {
  type Eip1193Provider,
  EventBus,
  type FaultPoint,
  type GuestExecutor,
  type Hex,
  hexToBytes,
  InboxTree,
  type ProofRequest,
} from '../../../core/index.ts'
import { type DevnetDatabase, openDatabase, openMemoryDatabase } from '../../../database/index.ts'
import { AttestedBackend } from '../../../prover/backend/attested.ts'
import { testGuest } from '../../../prover/testing/test-guest.ts'
import { createGenesis } from '../../../stf/index.ts'
import { testAccounts } from '../../../stf/testing/dev-chain.ts'
import { genesisBatchOf } from '../../batches/genesis-batch.ts'
import { batchesMigrations } from '../../batches/migrations.ts'
import { type BatchLimits, defaultBatchLimits } from '../../batches/open-batch.ts'
import { createChain, type L2Chain } from '../../chain.ts'
import { dryRunMigrations } from '../../dry-run/migrations.ts'
import { InboxWatcher } from '../../inbox/inbox-watcher.ts'
import { inboxMigrations } from '../../inbox/migrations.ts'
import { DevnetSnapshots } from '../../snapshots/devnet-snapshots.ts'
import { chainMigrations } from '../../storage/migrations.ts'
import { createRollup, type Rollup } from '../create-rollup.ts'
import { L1Client } from '../l1-client.ts'
import { settlementMigrations } from '../migrations.ts'
import { deployTestRollup } from './deployed-rollup.ts'
import { testKeys } from './in-process-l1.ts'
import { MemoryProofQueue } from './memory-proof-queue.ts'
import { silentLog } from './silent-log.ts'
import { VirtualTimers } from './virtual-timers.ts'

const ether = 10n ** 18n

/** `testAccounts` hold 1,000 ether each. */
export const testGenesis = {
  chainId: 313_372n,
  timestamp: 1_700_000_000n,
  accounts: testAccounts.map(({ address }) => ({ address, balance: 1000n * ether })),
  predeploys: predeployedContracts,
}

/** In memory, unless there is a directory for it. */
export function openRollupDatabase(dataDir?: string): DevnetDatabase {
  const migrations = [chainMigrations, inboxMigrations, batchesMigrations, dryRunMigrations, settlementMigrations]
  return dataDir === undefined ? openMemoryDatabase({ migrations }) : openDatabase({ dataDir, migrations })
}

/** The contracts with the genesis of `testGenesis`. */
export async function deployForTestGenesis(l1: Eip1193Provider): Promise<Deployment> {
  const executed = await createGenesis({
    ...testGenesis,
    predeploys: testGenesis.predeploys.map(({ address, code }) => ({ address, code: hexToBytes(code) })),
    inboxRoot: new InboxTree().root(),
  })
  const genesis = genesisBatchOf(executed, 'attested')
  return deployTestRollup(l1, {
    genesis,
    genesisDiff: genesis.stateDiff,
    programId: testGuest.programId,
    genesisSupplyWei: 1000n * ether * BigInt(testAccounts.length),
  })
}

export function attestedBackend({ verifier }: Deployment, guest: GuestExecutor = testGuest): AttestedBackend {
  return new AttestedBackend(
    { attesterKey: testKeys.attesterKey, l1ChainId: 31_337n, verifierAddress: verifier },
    { clock: { nowMs: () => Date.now() }, guest },
  )
}

/** A queue whose agent is the real attested backend. */
export function honestQueue(deployment: Deployment): MemoryProofQueue {
  const backend = attestedBackend(deployment)
  return new MemoryProofQueue((request: ProofRequest) => backend.prove(request, { signal: new AbortController().signal }))
}

export interface RollupNodeOptions {
  readonly database: DevnetDatabase
  readonly provider: Eip1193Provider
  readonly deployment: Deployment
  readonly queue: MemoryProofQueue
  readonly limits?: Partial<BatchLimits>
  readonly faults?: FaultPoint
  readonly guest?: GuestExecutor
  readonly ownsL1?: boolean
  readonly allowsDevBatches?: boolean
}

export interface RollupNode {
  readonly chain: L2Chain
  readonly inbox: InboxWatcher
  readonly rollup: Rollup
  readonly events: EventBus
  readonly timers: VirtualTimers
  readonly snapshots: DevnetSnapshots
  /** Reads the Inbox and seals what is new. */
  pollInbox(): Promise<void>
  /** Runs of the guest, then L1 steps, until none is due. */
  settle(): Promise<void>
  stop(): Promise<void>
}

/** Chain, Inbox, batches and settlement as the node has them; the caller takes their steps. On the same database, it is the node after a crash. */
export async function startRollupNode(options: RollupNodeOptions): Promise<RollupNode> {
  const { database, provider, deployment, queue, limits, faults = () => undefined, ownsL1 = true, guest = testGuest } = options
  const timers = new VirtualTimers()
  const log = silentLog
  const l1 = new L1Client(provider)
  const { signal } = new AbortController()
  const events = new EventBus((error) => {
    throw error
  })
  const inbox = new InboxWatcher(
    { inbox: deployment.inbox, deployBlock: deployment.deployBlock, pollMs: 100, confirmations: 0n, maxLogRange: 1_000n },
    { l1, database, consumed: () => chain.store.inboxCount(), onItems: () => undefined, timers, log },
  )
  const chain: L2Chain = await createChain(
    { genesis: testGenesis, sealing: { coinbase: `0x${'c0'.repeat(20)}` satisfies Hex, intervalMs: 0, automine: true } },
    {
      ...{ database, feed: inbox, clock: timers, events, log, faults },
      finality: { safe: () => rollup.finality.safe(), finalized: () => rollup.finality.finalized() },
      gate: { sealingStop: () => rollup.sealingStop() },
      allowsDevBatches: () => options.allowsDevBatches ?? true,
    },
  )
  const rollup: Rollup = createRollup(
    {
      ...{ contracts: deployment, deployBlock: deployment.deployBlock, l1ChainId: 31_337n },
      ...{ proofType: 'attested', limits: { ...defaultBatchLimits, maxAgeMs: 1e12, maxEmptyAgeMs: 1e12, ...limits } },
      ...{ pollMs: 100, bumpAfterMs: 1_000, feeCap: 10n ** 12n, maxLogRange: 1_000n, ownsL1 },
    },
    {
      ...{ database, chain: chain.store, inbox, l1: provider, account: testKeys.sequencer, queue, events, timers, log, faults },
      sessionOf: () => Promise.reject(new Error('attestations have no session')),
      ...{ guest, onSealingAllowed: () => void chain.goOn(), nextTimestamp: () => chain.sealing.nextBlock().timestamp },
    },
  )
  await chain.start(signal)
  const snapshots = new DevnetSnapshots({
    database,
    participants: [chain.snapshot, inbox.snapshot, rollup.snapshot],
    l1: ownsL1
      ? {
          take: () => provider.request({ method: 'evm_snapshot' }),
          takeUntilCheckpoint: () => provider.request({ method: 'evm_snapshot' }),
          async revert(id, revertStored) {
            await provider.request({ method: 'evm_revert', params: [id] })
            database.transaction(revertStored)
          },
        }
      : null,
  })
  return {
    ...{ chain, inbox, rollup, events, timers, snapshots },
    async pollInbox() {
      await inbox.poll()
      await chain.depositsArrived()
    },
    async settle() {
      while (await rollup.check(signal));
      while (await rollup.advance(signal));
    },
    async stop() {
      await rollup.stop()
      await chain.stop()
    },
  }
}
