import type { Hex } from '../../core/index.ts'
import { paint } from './style.ts'
import { formatTable } from './table.ts'

export interface L1StepJson {
  readonly txHash: Hex
  readonly timestamp: Hex
  readonly gasUsed: Hex
}

/** A batch as `zkdevnet_getBatch` answers it. */
export interface BatchJson {
  readonly number: Hex
  readonly status: 'sealed' | 'committed' | 'proven' | 'executed'
  readonly proofType: 'attested' | 'stark' | 'dev'
  readonly devReasons: readonly { readonly kind: string; readonly blockNumber: Hex; readonly detail: string }[]
  readonly firstBlock: Hex
  readonly lastBlock: Hex
  readonly stateRoot: Hex
  readonly digest: Hex
  readonly programId: Hex
  readonly stateDiffBytes: Hex
  readonly transactionCount: Hex
  readonly cycles: Hex | null
  readonly weightedCycles: Hex | null
  readonly messageCount: Hex
  readonly depositCount: Hex
  readonly commit: L1StepJson | null
  readonly prove: L1StepJson | null
  readonly execute: L1StepJson | null
  readonly provingMs: Hex | null
  readonly proofBytes: Hex | null
  readonly proofSegments: Hex | null
  readonly verification: readonly { readonly txHash: Hex; readonly gasUsed: Hex }[]
}

const statusStyle = { sealed: 'yellow', committed: 'blue', proven: 'cyan', executed: 'green' } as const

const decimal = (quantity: Hex): string => String(BigInt(quantity))

/** Weighted cycles, short: 4.2M. */
export function formatCycles(cycles: Hex): string {
  const count = Number(BigInt(cycles))
  if (count < 1e3) return String(count)
  return count < 1e6 ? `${(count / 1e3).toFixed(1)}k` : `${(count / 1e6).toFixed(1)}M`
}

function blockRange({ firstBlock, lastBlock }: Pick<BatchJson, 'firstBlock' | 'lastBlock'>): string {
  return firstBlock === lastBlock ? decimal(firstBlock) : `${decimal(firstBlock)}–${decimal(lastBlock)}`
}

/** Newest first. */
export function formatBatchList(batches: readonly BatchJson[]): string {
  const header = ['batch', 'status', 'proof', 'blocks', 'txs', 'deposits', 'messages', 'diff bytes', 'cycles', 'L1 gas']
  const rows = batches
    .toReversed()
    .map((batch) => [
      decimal(batch.number),
      batch.status,
      batch.number === '0x0' ? 'genesis' : batch.proofType,
      blockRange(batch),
      decimal(batch.transactionCount),
      decimal(batch.depositCount),
      decimal(batch.messageCount),
      decimal(batch.stateDiffBytes),
      batch.weightedCycles === null ? '–' : formatCycles(batch.weightedCycles),
      String([batch.commit, ...batch.verification, batch.prove, batch.execute].reduce((gas, step) => gas + BigInt(step?.gasUsed ?? 0), 0n)),
    ])
  return formatTable([header, ...rows], (cell, row, column) => {
    if (row === 0) return paint('dim', cell)
    const status = batches[batches.length - row]?.status
    return column === 1 && status !== undefined ? paint(statusStyle[status], cell) : cell
  })
}

export function formatBatch(batch: BatchJson): string {
  const step = (name: string, value: L1StepJson | null): string[] => [
    name,
    value === null
      ? 'not yet'
      : `${value.txHash}  ${decimal(value.gasUsed)} gas  ${new Date(Number(value.timestamp) * 1000).toISOString()}`,
  ]
  const proof =
    batch.proofType === 'dev'
      ? 'none: a dev batch'
      : batch.provingMs === null
        ? batch.proofType
        : `${batch.proofType}, ${decimal(batch.provingMs)} ms, ${decimal(batch.proofBytes ?? '0x0')} bytes${segmentsOf(batch)}`
  return formatTable(
    [
      ['batch', decimal(batch.number)],
      ['status', batch.status],
      ['blocks', blockRange(batch)],
      [
        'contents',
        `${decimal(batch.transactionCount)} transactions, ${decimal(batch.depositCount)} deposits, ${decimal(batch.messageCount)} messages to L1`,
      ],
      ['state root', batch.stateRoot],
      ['state diff', `${decimal(batch.stateDiffBytes)} bytes`],
      ['digest', batch.digest],
      [
        'guest',
        batch.cycles === null || batch.weightedCycles === null
          ? batch.proofType === 'dev'
            ? 'is not asked'
            : 'has not run on it'
          : `agrees, ${decimal(batch.cycles)} cycles, ${decimal(batch.weightedCycles)} weighted with its system functions`,
      ],
      ['proof', proof],
      step('committed', batch.commit),
      ...batch.verification.map(({ txHash, gasUsed }, index) => [index === 0 ? 'verified' : '', `${txHash}  ${decimal(gasUsed)} gas`]),
      ...(batch.proofType === 'dev' ? [] : [step('proven', batch.prove)]),
      step('executed', batch.execute),
      ...shownReasons(batch),
    ],
    (cell, _row, column) => (column === 0 ? paint('dim', cell) : cell),
  )
}

function segmentsOf({ proofSegments }: BatchJson): string {
  if (proofSegments === null) return ''
  return proofSegments === '0x1' ? ', 1 segment' : `, ${decimal(proofSegments)} segments`
}

const maxShownReasons = 10

/** Why it is a dev batch: a line each. */
function shownReasons({ devReasons }: BatchJson): string[][] {
  const lines = devReasons.slice(0, maxShownReasons).map(({ blockNumber, detail }) => `block ${decimal(blockNumber)}: ${detail}`)
  const hidden = devReasons.length - lines.length
  if (hidden > 0) lines.push(`and ${hidden} more`)
  return lines.map((line, index) => [index === 0 ? 'because' : '', line])
}
