import {
  announceUpgrade,
  cancelUpgrade,
  executeUpgrade,
  type RollupOwner,
  readUpgradeState,
  revertToBatch,
  type UpgradeState,
} from '../../contracts/index.ts'
import { DevnetError, type Hex } from '../../core/index.ts'
import { guestProgram } from '../../guest/index.ts'
import { connectL1 } from '../compose.ts'
import { verifierOptions } from '../deployment.ts'
import type { GlobalFlags } from '../flags.ts'
import type { L1Connection } from '../l1-connection.ts'
import { closeRunContext, openRunContext } from '../run-context.ts'

interface UpgradeFlags extends GlobalFlags, Record<string, unknown> {
  readonly cancel?: true
  readonly revertUnproven?: true
}

class UpgradeUsageError extends DevnetError {
  override name = 'UpgradeUsageError'
  constructor(message: string, help: string) {
    super(message, { code: 'UPGRADE_USAGE', exitCode: 2, metaMessages: [help] })
  }
}

/** The switch would leave batches behind that neither program can prove. */
class UpgradeBlockedError extends DevnetError {
  override name = 'UpgradeBlockedError'
  constructor({ lastProven, lastCommitted }: Pick<UpgradeState, 'lastProven' | 'lastCommitted'>) {
    super(`The batches ${lastProven + 1n} to ${lastCommitted} are committed on L1 and not proven.`, {
      code: 'UPGRADE_BLOCKED',
      exitCode: 5,
      metaMessages: [
        'Start the version that committed them, and wait until `zkdevnet status` says that they are proven.',
        'Or take them back, so that they are committed again under the new program: `zkdevnet upgrade --revert-unproven`.',
      ],
    })
  }
}

interface UpgradeResult {
  readonly status: 'nothing to do' | 'announced' | 'cancelled' | 'upgraded'
  readonly from: Hex
  readonly to: Hex
  /** L1 time from which on it may be executed. */
  readonly earliest: number | null
}

/** `zkdevnet upgrade`: has the rollup of a stopped devnet take proofs of this version's guest program. */
export async function upgrade(flags: UpgradeFlags): Promise<void> {
  const context = openRunContext(flags, { faults: () => {} })
  const { settings, keys, accounts, meta, dataDir, progress } = context
  let l1: L1Connection | undefined
  try {
    l1 = await connectL1(settings, { accounts, keys }, context)
    const deployment = meta.deployment()
    if (deployment === undefined) throw new UpgradeUsageError(`There is no devnet in ${dataDir}.`, 'Name its directory with --data-dir.')
    const program = guestProgram()
    const target = {
      programId: settings.proofs === 'stark' ? program.stark.programId : program.programId,
      verifier: verifierOptions(settings.proofs, keys),
    }
    const owner = { l1: l1.provider, rollup: deployment.contracts.rollup, ownerKey: keys.deployer }
    const result = flags.cancel === true ? await giveUp(owner) : await advance(owner, target, { own: l1.own, flags })
    progress.done()
    process.stdout.write(flags.json === true ? `${JSON.stringify(result)}\n` : describe(result))
  } finally {
    await l1?.own?.close()
    closeRunContext(context)
  }
}

async function giveUp(owner: RollupOwner): Promise<UpgradeResult> {
  const { programId, pending } = await readUpgradeState(owner)
  if (pending === null) throw new UpgradeUsageError('No upgrade waits on L1.', '`zkdevnet status` shows one that does.')
  await cancelUpgrade(owner)
  return { status: 'cancelled', from: programId, to: pending.programId, earliest: null }
}

/** As far as it goes now: on the devnet's own L1, whose clock is ours, to the end. */
async function advance(
  owner: RollupOwner,
  target: Parameters<typeof announceUpgrade>[1],
  { own, flags }: { readonly own: L1Connection['own']; readonly flags: UpgradeFlags },
): Promise<UpgradeResult> {
  const { programId: to } = target
  const before = await readUpgradeState(owner)
  const from = before.programId
  if (from === to) return { status: 'nothing to do', from, to, earliest: null }
  if (before.pending !== null && before.pending.programId !== to) {
    throw new UpgradeUsageError(
      `Another upgrade waits on L1, to the program ${before.pending.programId}.`,
      'Give it up first: `zkdevnet upgrade --cancel`.',
    )
  }
  if (flags.revertUnproven === true && before.lastProven < before.lastCommitted) await revertToBatch(owner, before.lastProven)
  if (own !== null) await assertAllProven(owner)
  if (before.pending === null) await announceUpgrade(owner, target)
  const { pending, time } = await readUpgradeState(owner)
  if (pending === null) throw new Error('the upgrade that was announced is not there')
  const earliest = Number(pending.earliest)
  if (time < pending.earliest) {
    if (own === null) return { status: 'announced', from, to, earliest }
    await own.request({ method: 'evm_setNextBlockTimestamp', params: [earliest] })
  }
  if (own === null) await assertAllProven(owner)
  await executeUpgrade(owner)
  return { status: 'upgraded', from, to, earliest }
}

/** @throws UpgradeBlockedError */
async function assertAllProven(owner: RollupOwner): Promise<void> {
  const state = await readUpgradeState(owner)
  if (state.lastProven < state.lastCommitted) throw new UpgradeBlockedError(state)
}

function describe({ status, from, to, earliest }: UpgradeResult): string {
  const when = earliest === null ? '' : new Date(earliest * 1_000).toISOString()
  const lines = {
    'nothing to do': ['the rollup takes proofs of this program already'],
    announced: [
      `earliest  ${when}, L1 time`,
      'next      run the same command again then; anybody may also call executeUpgrade() of the Rollup',
    ],
    cancelled: ['the rollup stays with the program that it has'],
    upgraded: ['next      start the devnet again'],
  } as const satisfies Record<UpgradeResult['status'], readonly string[]>
  return [`status    ${status}`, `from      ${from}`, `to        ${to}`, ...lines[status], ''].join('\n')
}
