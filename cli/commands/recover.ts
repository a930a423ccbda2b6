import { resolve } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { deploymentAddresses, readDeployment } from '../../contracts/index.ts'
import { DevnetError, type Hex } from '../../core/index.ts'
import { copyTables } from '../../database/index.ts'
import { recoverFromL1, systemTimers } from '../../sequencer/index.ts'
import { addressOfKey } from '../accounts.ts'
import { type Devnet, settlementOptions, startDevnet } from '../compose.ts'
import type { GlobalFlags } from '../flags.ts'
import type { L1Connection } from '../l1-connection.ts'
import { closeRunContext, openRunContext, prepareDevnet, type RunContext } from '../run-context.ts'
import { untilStopped } from '../signals.ts'

interface RecoverFlags extends GlobalFlags, Record<string, unknown> {
  readonly rollup?: string
  readonly l1Data?: string
}

class RecoverUsageError extends DevnetError {
  override name = 'RecoverUsageError'
  constructor(message: string) {
    super(message, {
      code: 'RECOVER_USAGE',
      exitCode: 2,
      metaMessages: ["Give --l1-data <path> for a devnet's own L1, or --l1-url <url> with --rollup <address> for an external one."],
    })
  }
}

/** `zkdevnet recover`: rebuilds, then shows that the chain goes on by settling one more batch. */
export async function recover(flags: RecoverFlags): Promise<void> {
  const stop = new AbortController()
  void untilStopped().then((signal) => stop.abort(new Error(`ended by ${signal}`)))
  const context = openRunContext(flags, { faults: () => {} })
  let l1: L1Connection | undefined
  let devnet: Devnet | undefined
  try {
    takeOwnL1(flags, context)
    const prepared = await prepareDevnet(context)
    l1 = prepared.l1
    const rollup = rollupAddress(flags, context)
    const { addresses, deployBlock, l2ChainId } = await readDeployment({ l1: l1.provider, rollup })
    if (l2ChainId !== context.settings.chainId) {
      throw new RecoverUsageError(`The rollup at ${rollup} is of the chain ${l2ChainId}; start with --chain-id ${l2ChainId}.`)
    }
    // First, so that a node started on what a crash left never deploys contracts of its own.
    context.meta.storeDeployment({ l1ChainId: l1.chainId, contracts: addresses, deployBlock })
    context.progress.step('state from L1')
    const recovery = await recoverFromL1(
      {
        ...settlementOptions(l1),
        proofType: context.settings.proofs,
        contracts: addresses,
        deployBlock,
        genesis: prepared.options.genesis,
      },
      {
        ...{ database: context.database, log: context.log, timers: systemTimers, signal: stop.signal },
        l1: l1.provider,
        account: privateKeyToAccount(context.keys.sequencer),
        onProgress: ({ batch, of }) => context.log.debug({ batch, of }, 'batch recovered'),
      },
    )

    devnet = await startDevnet(prepared.options, prepared.deps)
    context.progress.step('one more batch')
    const settledBatch = await settleOneMore(devnet, stop.signal)
    context.progress.done()
    const { lastBatch, lastBlock, stateRoot, inboxItems, revertedBatches } = recovery
    const summary = { batch: Number(lastBatch), block: Number(lastBlock), stateRoot, inboxItems: Number(inboxItems) }
    const result = { ...summary, revertedBatches: Number(revertedBatches), settledBatch: Number(settledBatch), dataDir: context.dataDir }
    process.stdout.write(flags.json === true ? `${JSON.stringify(result)}\n` : describe(result))
  } finally {
    await devnet?.stop()
    await l1?.own?.close()
    closeRunContext(context)
  }
}

/** Brings the L1 of another data directory into this one, and nothing else of it. */
function takeOwnL1({ l1Data }: RecoverFlags, { settings, database }: RunContext): void {
  if (settings.l1Url !== undefined) return
  if (l1Data === undefined) throw new RecoverUsageError('There is no L1 to recover from.')
  copyTables({ from: resolve(l1Data), to: database, owner: 'l1' })
}

function rollupAddress({ rollup }: RecoverFlags, { settings, keys }: RunContext): Hex {
  if (rollup !== undefined) {
    if (!/^0x[0-9a-fA-F]{40}$/.test(rollup)) throw new RecoverUsageError(`--rollup cannot be ${JSON.stringify(rollup)}: it is an address.`)
    return rollup.toLowerCase() as Hex
  }
  if (settings.l1Url !== undefined) throw new RecoverUsageError('On an external L1, name the Rollup contract.')
  return deploymentAddresses({ deployer: addressOfKey(keys.deployer), proofType: settings.proofs }).rollup
}

async function settleOneMore({ chain, rollup, events }: Devnet, signal: AbortSignal): Promise<bigint> {
  const { promise, resolve, reject } = Promise.withResolvers<bigint>()
  let wanted: bigint | null = null
  const unsubscribe = events.on('batch', ({ batch }) => {
    if (batch.number === wanted && batch.status === 'executed') resolve(batch.number)
  })
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  try {
    await chain.sealing.mine()
    wanted = await rollup.seal()
    // It may have been executed before we knew its number.
    if (wanted !== null && rollup.batches.latest('executed') >= wanted) resolve(wanted)
    return await promise
  } finally {
    unsubscribe()
  }
}

function describe({
  batch,
  block,
  stateRoot,
  inboxItems,
  revertedBatches,
  settledBatch,
  dataDir,
}: Readonly<Record<string, string | number>>): string {
  return [
    `recovered     batches 0–${batch} up to block ${block}, ${inboxItems} Inbox items`,
    `state root    ${stateRoot}, as on L1`,
    `taken back    ${revertedBatches} batches that were committed and not executed`,
    `settled       batch ${settledBatch} was sealed, committed, proven and executed since`,
    `go on with    zkdevnet --data-dir ${dataDir}`,
    '',
  ].join('\n')
}
