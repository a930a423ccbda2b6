import type { LocalAccount } from 'viem'
import {
  type Eip1193Provider,
  type Hex,
  isDevBatch,
  type L1Contracts,
  type Logger,
  type ProofType,
  storedBatchHash,
} from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { type BatchProgress, BatchStore, type ClosedBatch, l1Steps } from '../batches/batch-store.ts'
import { InboxWatcher } from '../inbox/inbox-watcher.ts'
import { L1Client } from '../settlement/l1-client.ts'
import { L1Sender } from '../settlement/l1-sender.ts'
import { L1StepFinder } from '../settlement/l1-step-finder.ts'
import { RollupContract, rollupCalls, settlementErrors } from '../settlement/rollup-contract.ts'
import type { Timers } from '../settlement/timers.ts'
import { adoptChain, type GenesisParameters } from '../storage/found-chain.ts'
import { RecoveryDataError, RecoveryRaceError, RecoveryTargetError } from './errors.ts'
import { executedBatches, type RecoveredBatch } from './executed-batches.ts'
import { StateReplay } from './state-replay.ts'

export interface RecoverOptions {
  readonly contracts: Pick<L1Contracts, 'rollup' | 'inbox'>
  readonly deployBlock: bigint
  /** What the node will be started with. */
  readonly genesis: GenesisParameters
  readonly proofType: ProofType
  /** Widest range of L1 blocks that one request for logs covers. */
  readonly maxLogRange: bigint
  readonly pollMs: number
  readonly bumpAfterMs: number
  readonly feeCap: bigint
}

export interface RecoverDeps {
  /** Without a chain; all migrations are applied. */
  readonly database: DevnetDatabase
  readonly l1: Eip1193Provider
  /** The sequencer's L1 account: takes back batches that are committed and not executed. */
  readonly account: LocalAccount
  readonly timers: Timers
  readonly log: Logger
  /** Called after each batch. */
  readonly onProgress?: (progress: { readonly batch: bigint; readonly of: bigint }) => void
  readonly signal: AbortSignal
}

export interface Recovery {
  readonly lastBatch: bigint
  readonly lastBlock: bigint
  readonly stateRoot: Hex
  readonly inboxItems: bigint
  /** Batches that were committed and not executed: L1 has their diffs, but nobody vouched for them. They were taken back. */
  readonly revertedBatches: bigint
}

/**
 * Rebuilds the L2 from L1 alone, up to the last executed batch, so that the node goes on sequencing there. Transactions, receipts and
 * messages of recovered batches are not on L1 and stay unknown. Writes to the database at the very end, all or nothing.
 *
 * @throws RecoveryTargetError, RecoveryDataError, RecoveryRaceError, and what `L1Client` and `L1Sender` throw
 */
export async function recoverFromL1(opts: RecoverOptions, deps: RecoverDeps): Promise<Recovery> {
  const { database, account, timers, log, signal } = deps
  const store = new BatchStore(database)
  if (store.latest() !== undefined) throw new RecoveryTargetError({ path: database.path })
  const l1 = new L1Client(deps.l1)
  const rollup = new RollupContract(l1, opts.contracts.rollup)
  const l1ChainId = await l1.chainId()
  const inbox = inboxOf(opts, { l1, database, timers, log })
  await inbox.poll()
  const l1Block = await l1.blockNumber()
  const { lastExecuted } = await rollup.progress(l1Block)

  const batches: RecoveredBatch[] = []
  const replay = new StateReplay()
  const source = executedBatches(
    { ...opts, lastExecuted, l1Block, l1ChainId, l2ChainId: opts.genesis.chainId },
    { l1, rollup, inboxRootAt: (count) => inbox.rootAt(count) },
  )
  for await (const batch of source) {
    signal.throwIfAborted()
    await replay.apply(batch)
    batches.push(batch)
    deps.onProgress?.({ batch: batch.number, of: lastExecuted })
  }
  const last = batches.at(-1)
  if (last === undefined) throw new RecoveryDataError({ batch: 0n, reason: 'the contract has no genesis' })
  const rootOnL1 = await rollup.stateRoot(lastExecuted, l1Block)
  if (last.stateRoot !== rootOnL1)
    throw new RecoveryDataError({ batch: lastExecuted, reason: `the contract has the state root ${rootOnL1}` })

  // Before anything is stored: where this fails, it can be tried again into the same directory.
  const sender = new L1Sender({ ...opts, chainId: l1ChainId }, { l1, database, account, errors: settlementErrors, timers, log })
  const { progress, revertedBatches } = await takeBack(lastExecuted, { rollup, sender, signal })
  const steps = await findSteps(batches, { opts, l1 })
  database.transaction(() => {
    adoptChain(database, opts.genesis, { ...replay.result(), inboxCount: last.inboxCount })
    for (const [index, batch] of batches.entries()) store.add(toClosed(batch, batches[index - 1], opts.proofType))
    store.setProgress(progress)
    for (const { number, name, step } of steps) store.setStep(number, name, step)
  })
  log.info({ batch: last.number, block: last.lastBlockNumber, stateRoot: last.stateRoot, revertedBatches }, 'state recovered from L1')
  return {
    lastBatch: last.number,
    lastBlock: last.lastBlockNumber,
    stateRoot: last.stateRoot,
    inboxItems: inbox.count(),
    revertedBatches,
  }
}

function inboxOf(
  { contracts, deployBlock, pollMs, maxLogRange }: RecoverOptions,
  deps: { readonly l1: L1Client; readonly database: DevnetDatabase; readonly timers: Timers; readonly log: Logger },
): InboxWatcher {
  return new InboxWatcher(
    { inbox: contracts.inbox, deployBlock, pollMs, confirmations: 0n, maxLogRange },
    { ...deps, consumed: () => 0n, onItems: () => undefined },
  )
}

/** Reverts on L1 what is committed above the last executed batch. */
async function takeBack(
  lastExecuted: bigint,
  { rollup, sender, signal }: { rollup: RollupContract; sender: L1Sender; signal: AbortSignal },
): Promise<{ progress: BatchProgress; revertedBatches: bigint }> {
  await sender.resume(signal)
  const { lastCommitted } = await rollup.progress('latest')
  const revertedBatches = lastCommitted - lastExecuted
  if (revertedBatches > 0n) {
    await sender.send({ action: `revert to batch ${lastExecuted}`, to: rollup.address, data: rollupCalls.revert(lastExecuted) }, { signal })
  }
  const progress = await rollup.progress('latest')
  if (progress.lastExecuted !== lastExecuted || progress.lastCommitted !== lastExecuted) {
    throw new RecoveryRaceError({ executed: lastExecuted, now: progress.lastExecuted })
  }
  return { progress, revertedBatches }
}

async function findSteps(batches: readonly RecoveredBatch[], { opts, l1 }: { opts: RecoverOptions; l1: L1Client }) {
  const finder = new L1StepFinder({ rollup: opts.contracts.rollup, maxLogRange: opts.maxLogRange }, l1)
  const toBlock = await l1.blockNumber()
  const wanted = batches.map((batch) => ({ number: batch.number, hash: storedBatchHash(batch) }))
  const found = []
  for (const name of l1Steps) {
    const steps = await finder.find({ step: name, batches: wanted, fromBlock: opts.deployBlock, toBlock })
    for (const [number, step] of steps) found.push({ number, name, step })
  }
  return found
}

function toClosed(batch: RecoveredBatch, previous: RecoveredBatch | undefined, proofType: ProofType): ClosedBatch {
  return {
    ...batch,
    proofType: isDevBatch(batch) ? 'dev' : proofType,
    devReasons: [],
    transactionCount: 0,
    depositCount: Number(batch.inboxCount - (previous?.inboxCount ?? 0n)),
    sealedAtMs: Number(batch.lastTimestamp) * 1000,
    messages: [],
    proverInput: null,
  }
}
