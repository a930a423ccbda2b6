import {
  type Batch,
  bytesToHex,
  type Divergence,
  decodeGuestLog,
  encodePublicInputs,
  encodeStateDiff,
  type GuestReport,
  type GuestRun,
  type HeaderFieldName,
  type HeaderMismatch,
  hexToBytes,
  type PublicInputs,
  publicInputNames,
  type SealedBlock,
} from '../../core/index.ts'
import { changesToDiff, decodeChanges, mergeChanges } from '../../stf/index.ts'
import type { ChainStore } from '../storage/chain-store.ts'
import { compareDiffs } from './compare-diffs.ts'
import { compareReceipts } from './compare-receipts.ts'

export interface DivergenceEvidence {
  readonly batch: Batch
  /** What the sequencer holds of it. */
  readonly publicInputs: PublicInputs
  readonly stateDiff: Uint8Array
  readonly run: GuestRun
}

// A report is for a person to read: past this, more of the same helps nobody.
const maxDetails = 40

/** Finds what the guest and the sequencer computed differently. The guest has ended without the batch's digest. */
export function explainDivergence({ batch, run, ...own }: DivergenceEvidence, chain: ChainStore): Divergence {
  const report = decodeGuestLog(run.log)
  const found = run.digest === null ? explainRefusal({ batch, run, report }, chain) : explainDigest({ ...own, run, report })
  const details =
    found.details.length <= maxDetails
      ? found.details
      : [...found.details.slice(0, maxDetails), `… and ${found.details.length - maxDetails} more`]
  return { kind: 'results', batchNumber: batch.number, ...found, details }
}

type Finding = Omit<Divergence, 'kind' | 'batchNumber'>

function explainRefusal(
  { batch, run, report }: { readonly batch: Batch; readonly run: GuestRun; readonly report: GuestReport },
  chain: ChainStore,
): Finding {
  const last = report.blocks.at(-1)
  const sealed = last && chain.blockByNumber(last.number)
  const place = report.failure === null ? [] : [`status ${report.failure.status} of the guest, at ${report.failure.place}`]
  if (last === undefined || sealed === undefined) return { blockNumber: null, summary: run.exitMeaning, details: place }
  const blockNumber = last.number
  const { mismatch } = report
  if (mismatch === null) {
    return { blockNumber, summary: `block ${blockNumber}: ${run.exitMeaning}`, details: [...unfinishedTransaction(last, sealed), ...place] }
  }
  const differences = [
    ...compareReceipts(last.receipts, chain.receipts(blockNumber)),
    ...(report.stateDiff === null ? [] : differingState(report.stateDiff, { batch, blockNumber }, chain)),
  ]
  const nothing = 'no receipt, account or slot differs from what the sequencer recorded: its header is not that of its own results'
  return {
    blockNumber,
    summary: `block ${blockNumber} has ${describeMismatch(mismatch, sealed)}`,
    details: [...(differences.length === 0 ? [nothing] : differences), ...place],
  }
}

function describeMismatch({ field, computed }: HeaderMismatch, { header }: SealedBlock): string {
  const own = field === 'prevRandao' ? header.mixHash : header[field satisfies Exclude<HeaderFieldName, 'prevRandao'>]
  return `${field} ${computed} for the guest, ${own} for the sequencer`
}

/** The transaction in which the guest stopped, if it was one. */
function unfinishedTransaction({ transactions }: GuestReport['blocks'][number], block: SealedBlock): string[] {
  const index = transactions.findIndex(({ cycles }) => cycles === 0)
  const hash = block.transactions[index]?.hash
  return hash === undefined ? [] : [`it stopped in transaction ${index} (${hash})`]
}

/** The guest's diff covers the batch up to the block that it refused. */
function differingState(
  guest: Uint8Array,
  { batch, blockNumber }: { readonly batch: Batch; readonly blockNumber: bigint },
  chain: ChainStore,
): string[] {
  const records = [...chain.records(batch.firstBlockNumber, blockNumber)]
  const header = records.at(-1)?.header
  if (header === undefined) return []
  const changes = mergeChanges(records.map((record) => decodeChanges(record.changes)))
  const own = encodeStateDiff({ header, accounts: changesToDiff(changes, (hash) => chain.code(hexToBytes(hash))) })
  return compareDiffs(guest, own)
}

/** Every header held, and yet the digest is another. */
function explainDigest({
  publicInputs,
  stateDiff,
  report,
  run,
}: Omit<DivergenceEvidence, 'batch'> & { readonly report: GuestReport }): Finding {
  const [theirs, ours] = [report.publicInputs, encodePublicInputs(publicInputs)]
  const names = ['version', ...publicInputNames]
  const differing = theirs === null ? [] : names.filter((_, index) => wordAt(theirs, index) !== wordAt(ours, index))
  const words = differing.map((name) => {
    const index = names.indexOf(name)
    return `${name}: ${wordAt(theirs ?? ours, index)} (guest), ${wordAt(ours, index)} (sequencer)`
  })
  const state = report.stateDiff === null || !differing.includes('stateDiffHash') ? [] : compareDiffs(report.stateDiff, stateDiff)
  const summary =
    differing.length === 0
      ? `it commits to the digest ${run.digest}, another one, and does not say why`
      : `every block holds, but the batch has another ${differing.join(', ')}`
  return { blockNumber: null, summary, details: [...words, ...state] }
}

function wordAt(words: Uint8Array, index: number): string {
  return bytesToHex(words.subarray(32 * index, 32 * (index + 1)))
}
