import { getAddress } from 'viem'
import type { Hex, L1Contracts, ProofType } from '../../core/index.ts'
import type { GlobalFlags } from '../flags.ts'
import { callNode } from '../node-client.ts'
import { proofNotice } from '../output/banner.ts'
import { type BatchJson, formatBatchList, formatCycles } from '../output/batch-view.ts'
import { paint } from '../output/style.ts'
import { formatTable } from '../output/table.ts'

interface InfoJson {
  readonly version: string
  readonly l1ChainId: Hex
  readonly l2ChainId: Hex
  readonly l1Url: string
  readonly l2Url: string
  readonly contracts: L1Contracts
  readonly proofType: ProofType
  readonly dataDir: string
}

interface ErrorJson {
  readonly code: string
  readonly message: string
  readonly metaMessages: readonly string[]
}

interface ProvingJson {
  readonly batchNumber: Hex
  readonly agent: string
  readonly phase: string
  readonly cycles: Hex
  readonly segment: Hex | null
  readonly segments: Hex | null
  readonly durationMs: number
}

interface StatusJson {
  readonly blocks: {
    readonly latest: Hex
    readonly safe: Hex
    readonly finalized: Hex
    readonly historyStart: Hex
    readonly latestTimestamp: Hex
  }
  readonly batches: { readonly sealed: Hex; readonly committed: Hex; readonly proven: Hex; readonly executed: Hex }
  readonly openBatch: {
    readonly number: Hex
    readonly firstBlock: Hex
    readonly lastBlock: Hex | null
    readonly transactionCount: Hex
    readonly stateDiffBytes: Hex
    readonly estimatedCycles: Hex
  }
  readonly pool: { readonly pending: Hex; readonly queued: Hex }
  readonly sealing: { readonly stoppedBy: ErrorJson | null }
  readonly settlement: {
    readonly error: ErrorJson | null
    readonly checking: { readonly batchNumber: Hex; readonly cycles: Hex; readonly durationMs: number } | null
    readonly proving: readonly ProvingJson[]
  }
  readonly l1: {
    readonly reachable: boolean
    readonly blockNumber: Hex | null
    readonly upgrade: { readonly programId: Hex; readonly verifier: Hex; readonly earliest: Hex } | null
  }
  readonly automine: boolean
}

const shownBatches = 5

/** `zkdevnet status`. */
export async function status({ url, json }: GlobalFlags & { readonly url: string }): Promise<void> {
  const [info, now, batches] = await Promise.all([
    callNode<InfoJson>(url, 'zkdevnet_nodeInfo'),
    callNode<StatusJson>(url, 'zkdevnet_status'),
    callNode<BatchJson[]>(url, 'zkdevnet_listBatches', [null, shownBatches]),
  ])
  process.stdout.write(`${json === true ? JSON.stringify({ ...info, ...now }, null, 2) : formatStatus(info, now, batches)}\n`)
}

function problem(what: string, error: ErrorJson | null): string[] {
  if (error === null) return []
  return [
    '',
    `${paint('red', what)}: ${error.message} ${paint('dim', `[${error.code}]`)}`,
    ...error.metaMessages.map((line) => `  ${line}`),
  ]
}

/** Of the rollup, announced by its owner. */
function upgradeOf({ programId, verifier, earliest }: NonNullable<StatusJson['l1']['upgrade']>): string {
  const when = new Date(Number(earliest) * 1_000).toISOString()
  return paint('yellow', `from ${when} (L1 time) to program ${programId}, verifier ${getAddress(verifier)}`)
}

/** Of the guest, on a batch. */
function runOf({ batchNumber, cycles, durationMs }: NonNullable<StatusJson['settlement']['checking']>): string {
  return `runs on batch ${BigInt(batchNumber)}: ${formatCycles(cycles)} cycles in ${Math.round(durationMs / 1_000)} s`
}

/** Of an agent. */
function proofOf({ batchNumber, agent, phase, cycles, segment, segments, durationMs }: ProvingJson): string {
  const part = segment === null ? '' : `, segment ${BigInt(segment) + 1n}${segments === null ? '' : ` of ${BigInt(segments)}`}`
  const run = cycles === '0x0' ? '' : `, ${formatCycles(cycles)} cycles`
  return `batch ${BigInt(batchNumber)}${part}: ${phase}${run}, ${Math.round(durationMs / 1_000)} s so far (${agent})`
}

function formatStatus(
  info: InfoJson,
  { blocks, batches, openBatch, pool, sealing, settlement, l1, automine }: StatusJson,
  newest: readonly BatchJson[],
): string {
  const n = (quantity: Hex): string => String(BigInt(quantity))
  const open =
    openBatch.lastBlock === null
      ? `batch ${n(openBatch.number)} has no block yet`
      : `batch ${n(openBatch.number)} has ${n(openBatch.transactionCount)} transactions, ${n(openBatch.stateDiffBytes)} bytes of state diff and ${formatCycles(openBatch.estimatedCycles)} cycles at most`
  const labels = (rows: readonly (readonly string[])[]) =>
    formatTable(rows, (cell, _row, column) => (column === 0 ? paint('dim', cell) : cell))
  return [
    labels([
      ['zkdevnet', `${info.version}, data in ${info.dataDir}`],
      ['L2', `${info.l2Url}  chain id ${n(info.l2ChainId)}  ${automine ? 'a block per transaction' : 'blocks by interval or by hand'}`],
      [
        'L1',
        `${info.l1Url}  chain id ${n(info.l1ChainId)}  ${l1.reachable ? `block ${n(l1.blockNumber ?? '0x0')}` : paint('red', 'does not answer')}`,
      ],
      ['rollup', getAddress(info.contracts.rollup)],
      ['proofs', proofNotice[info.proofType]],
      ...(l1.upgrade === null ? [] : [['upgrade', upgradeOf(l1.upgrade)]]),
      [
        'blocks',
        `latest ${n(blocks.latest)}  safe ${n(blocks.safe)}  finalized ${n(blocks.finalized)}${blocks.historyStart === '0x0' ? '' : `  (history starts at ${n(blocks.historyStart)})`}`,
      ],
      [
        'batches',
        `sealed ${n(batches.sealed)}  committed ${n(batches.committed)}  proven ${n(batches.proven)}  executed ${n(batches.executed)}`,
      ],
      ['open', open],
      ...(settlement.checking === null ? [] : [['guest', runOf(settlement.checking)]]),
      ...settlement.proving.map((step) => ['prover', proofOf(step)]),
      ['pool', `${n(pool.pending)} pending, ${n(pool.queued)} waiting for an earlier nonce`],
    ]),
    ...problem('No blocks are sealed', sealing.stoppedBy),
    ...(sealing.stoppedBy?.code === settlement.error?.code ? [] : problem('Settlement waits', settlement.error)),
    '',
    formatBatchList(newest),
  ].join('\n')
}
