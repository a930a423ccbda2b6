import type { LocalAccount } from 'viem'
import type { SessionParts } from '../../contracts/index.ts'
import type {
  Batch,
  BatchControl,
  BatchReader,
  DevnetError,
  Eip1193Provider,
  EventSink,
  EventSource,
  FaultPoint,
  GuestExecutor,
  L1Contracts,
  L1Health,
  Logger,
  Proof,
  ProofQueue,
  ProofType,
  Service,
  SettlementReader,
} from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { BatchBuilder } from '../batches/batch-builder.ts'
import { batchFinality, StoredBatchReader } from '../batches/batch-reader.ts'
import { BatchStore } from '../batches/batch-store.ts'
import { BatchWorkshop } from '../batches/batch-workshop.ts'
import { publicInputsOf } from '../batches/build-batch.ts'
import { storeGenesisBatch } from '../batches/genesis-batch.ts'
import { Lull, lullOptions, measureEventLoop } from '../batches/lull.ts'
import type { BatchLimits } from '../batches/open-batch.ts'
import { CycleEstimate } from '../dry-run/cycle-estimate.ts'
import { DryRunStore } from '../dry-run/dry-run-store.ts'
import { DryRuns } from '../dry-run/dry-runs.ts'
import type { InboxWatcher } from '../inbox/inbox-watcher.ts'
import type { SnapshotParticipant } from '../snapshots/participant.ts'
import type { ChainStore, Finality } from '../storage/chain-store.ts'
import { BatchIncompleteError } from './errors.ts'
import { AttestationRegistrar } from './fact-registrar.ts'
import { L1Absence } from './l1-absence.ts'
import { L1Client } from './l1-client.ts'
import { L1UnreachableError } from './l1-errors.ts'
import { L1Program } from './l1-program.ts'
import { L1Sender } from './l1-sender.ts'
import { L1StepFinder } from './l1-step-finder.ts'
import { PendingTransactions } from './pending-transactions.ts'
import { Reconciliation } from './reconciliation.ts'
import { RollupContract, settlementErrors } from './rollup-contract.ts'
import { SessionRegistrar } from './session-registrar.ts'
import { Settlement, settlementStatus } from './settlement.ts'
import { BatchesParticipant } from './snapshot-participant.ts'
import type { Timers } from './timers.ts'
import { AttestationFinder, SessionFinder } from './verification-finder.ts'

export interface RollupOptions {
  readonly contracts: Pick<L1Contracts, 'rollup' | 'verifier'>
  readonly deployBlock: bigint
  readonly l1ChainId: bigint
  readonly proofType: ProofType
  readonly limits: BatchLimits
  /** Between two looks at the L1. */
  readonly pollMs: number
  /** An L1 transaction that was not mined for this long is sent again with higher fees. */
  readonly bumpAfterMs: number
  /** Never offer more per gas, in wei. */
  readonly feeCap: bigint
  /** Widest range of L1 blocks that one request for logs covers. */
  readonly maxLogRange: bigint
  /** Whether snapshots cover the L1. */
  readonly ownsL1: boolean
}

export interface RollupDeps {
  readonly database: DevnetDatabase
  readonly chain: ChainStore
  readonly inbox: InboxWatcher
  readonly l1: Eip1193Provider
  /** The sequencer's L1 account. */
  readonly account: LocalAccount
  readonly queue: ProofQueue
  /** Of the program that the Rollup contract names. */
  readonly guest: GuestExecutor
  /** Of the L2 block that would be sealed now, in seconds. */
  readonly nextTimestamp: () => bigint
  /** Called when sealing may go on after it had to stop. */
  readonly onSealingAllowed: () => void
  /** Cuts a STARK proof into transactions for L1. */
  readonly sessionOf: (proof: Proof) => Promise<SessionParts>
  readonly events: EventSource & EventSink
  readonly timers: Timers
  readonly log: Logger
  readonly faults: FaultPoint
}

/** Batches and their way to L1. */
export interface Rollup extends Service, BatchControl, SettlementReader, L1Health {
  readonly batches: BatchReader
  /** Why no block may be sealed; null when one may. */
  sealingStop(): DevnetError | null
  /** What `safe` and `finalized` mean now. */
  readonly finality: Finality
  readonly snapshot: SnapshotParticipant
  /**
   * Compares program and stored batches with the contract, and gives those that are not committed the program that they will be under.
   * Throws `ProgramMismatchError`, `VerifierReplacedError`, `BatchMismatchError` and, without an L1, `L1UnreachableError`.
   */
  synchronize(): Promise<void>
  /** Takes the next step on L1 that is due; false when there is none. `start` does it by itself. */
  advance(signal: AbortSignal): Promise<boolean>
  /** Runs the guest on the next batch that waits for it; false when there is none. `start` does it by itself. */
  check(signal: AbortSignal): Promise<boolean>
}

const maxPauseWaitMs = 5_000

/** Nothing moves before `start`. Stores the genesis batch where there is none. */
export function createRollup(opts: RollupOptions, deps: RollupDeps): Rollup {
  const { database, chain, inbox, account, timers, log, events, queue, faults } = deps
  const identity = { l1ChainId: opts.l1ChainId, rollup: opts.contracts.rollup, programId: deps.guest.programId, proofType: opts.proofType }
  const l1 = new L1Client(deps.l1)
  const store = new BatchStore(database)
  storeGenesisBatch(store, chain, opts.proofType)
  const workshop = new BatchWorkshop({ database, identity, chain, inbox })
  const inputOf = (batch: bigint) => proverInput(batch, { store, chain, workshop })
  const results = new DryRunStore(database)
  const lull = new Lull(lullOptions(opts.limits), { timers, measureLoad: measureEventLoop })
  const dryRuns = new DryRuns({
    ...{ guest: deps.guest, batches: store, results, chain, proverInput: inputOf, events, lull, timers, log, faults },
    publicInputs: (batch) => publicInputsOf({ batch, previous: previousOf(batch, store), identity, l2ChainId: chain.chainId }),
    onPassed: () => settlement.ring(),
    onAgreed: () => deps.onSealingAllowed(),
  })
  const absence = new L1Absence({ lastReadMs: () => inbox.lastReadMs(), nextTimestamp: deps.nextTimestamp, timers })
  const estimate = new CycleEstimate(results)
  const builder = new BatchBuilder(opts.limits, {
    ...{ chain, store, events, lull, timers, log, faults },
    build: (request) => workshop.build(request),
    estimateCycles: ({ header }) => estimate.ofBlock(header.gasUsed),
  })
  const sender = new L1Sender(
    { chainId: opts.l1ChainId, pollMs: opts.pollMs, bumpAfterMs: opts.bumpAfterMs, feeCap: opts.feeCap },
    { l1, database, account, errors: settlementErrors, timers, log },
  )
  const { rollup, verifier } = opts.contracts
  const contract = new RollupContract(l1, rollup)
  const program = new L1Program({ programId: identity.programId, verifier }, { rollup: contract, log })
  const settlement: Settlement = new Settlement(
    { rollup, pollMs: opts.pollMs, maxPauseWaitMs },
    {
      ...{ store, queue, checked: dryRuns, sender, events, timers, log, faults },
      reconciliation: new Reconciliation({
        ...{ l1, store, events, program, deployBlock: opts.deployBlock },
        rollup: contract,
        steps: new L1StepFinder({ rollup, maxLogRange: opts.maxLogRange }, l1),
        verifications: new (opts.proofType === 'stark' ? SessionFinder : AttestationFinder)(
          { verifier, maxLogRange: opts.maxLogRange },
          l1,
        ),
      }),
      facts:
        opts.proofType === 'stark'
          ? new SessionRegistrar({ l1, sender, verifier, sessionOf: deps.sessionOf })
          : new AttestationRegistrar({ l1, sender, verifier }),
      proverInput: inputOf,
    },
  )
  return {
    batches: new StoredBatchReader({ store, chain, inbox, dryRuns: results, open: () => builder.open() }),
    finality: batchFinality(store),
    snapshot: new BatchesParticipant({
      ...{ store, builder, dryRuns, settlement, queue, chain, ownsL1: opts.ownsL1 },
      pending: new PendingTransactions(database),
    }),
    seal: () => builder.seal(),
    retryProof: (number) => settlement.retryProof(number),
    sealingStop: () => dryRuns.divergence() ?? program.replaced() ?? absence.sealingStop(),
    settlement: () => ({
      ...settlementStatus(dryRuns.failure() ?? settlement.failure() ?? builder.failure() ?? inbox.failure(), sender.inFlight()),
      checking: dryRuns.checking(),
      proving: queue.progress(),
    }),
    // Both follow the L1, and either may be the first to miss it.
    status: () => ({
      reachable: ![settlement.failure(), inbox.failure()].some((failure) => failure instanceof L1UnreachableError),
      blockNumber: settlement.l1BlockNumber(),
      upgrade: program.upgrade(),
    }),
    async synchronize() {
      await program.read('latest')
      const { lastCommitted } = await contract.progress('latest')
      // L1 gives a batch its program when it is committed; what a proof of the old one was asked for is asked for again.
      for (const digest of store.setProgram(lastCommitted, identity)) await queue.forget(digest)
      // Our own L1 is never away.
      if (!opts.ownsL1) absence.setDeadline(await contract.inboxDeadline())
      await settlement.synchronize()
    },
    advance: (signal) => settlement.advance(signal),
    check: (signal) => dryRuns.advance(signal),
    async start(signal) {
      await settlement.start(signal)
      await dryRuns.start(signal)
      await builder.start(signal)
    },
    async stop() {
      await builder.stop()
      await dryRuns.stop()
      await settlement.stop()
      await workshop.close()
    },
  }
}

function previousOf({ number }: Batch, store: BatchStore): Batch {
  const previous = store.batch(number - 1n)
  if (previous === undefined) throw new BatchIncompleteError({ batch: number, part: 'predecessor' })
  return previous
}

/** The stored input; where it was dropped because the batch had been executed, and the L1 went back since, it is made again. */
async function proverInput(
  number: bigint,
  { store, chain, workshop }: { store: BatchStore; chain: ChainStore; workshop: BatchWorkshop },
): Promise<Uint8Array> {
  const stored = store.proverInput(number)
  if (stored !== undefined) return stored
  const batch = store.batch(number)
  const previous = store.batch(number - 1n)
  if (batch === undefined || previous === undefined || previous.lastBlockNumber < chain.historyStart()) {
    throw new BatchIncompleteError({ batch: number, part: 'prover input' })
  }
  const { lastBlockNumber, sealedAtMs } = batch
  const again = await workshop.build({ previous, lastBlockNumber, sealedAtMs })
  if (again.proverInput === null || again.digest !== batch.digest) throw new BatchIncompleteError({ batch: number, part: 'prover input' })
  return again.proverInput
}
