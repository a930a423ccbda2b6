import { bytesToHex, concatBytes, type Hex } from '../hex.ts'
import type { GuestLogEntry } from '../ports/guest.ts'

/** Cycles of a part of a run. */
export interface CycleCount {
  readonly cycles: number
  readonly weightedCycles: number
}

export interface GuestBlockReport extends CycleCount {
  readonly number: bigint
  /** In order, as far as the guest came; the last one may be the one at which it stopped. */
  readonly transactions: readonly CycleCount[]
  /** Receipts as the guest encodes them; only of a block that it refused. */
  readonly receipts: readonly Uint8Array[]
}

/** Why the guest gave no digest. */
export interface GuestFailure {
  /** guest/src/base/status.h */
  readonly status: number
  readonly detail: number
  /** Source file and line of the guest. */
  readonly place: string
}

/** A header field that holds something else than what the guest computed. */
export interface HeaderMismatch {
  readonly field: HeaderFieldName
  readonly computed: bigint | Hex
}

/** What the guest says of its run (docs/formats.md §7). */
export interface GuestReport {
  readonly blocks: readonly GuestBlockReport[]
  readonly failure: GuestFailure | null
  readonly mismatch: HeaderMismatch | null
  /** The 19 words of docs/formats.md §1; null where the guest did not come that far. */
  readonly publicInputs: Uint8Array | null
  /** Of the batch, or, where the guest refused a block's results, of the blocks up to that one. */
  readonly stateDiff: Uint8Array | null
}

export const guestRecordKinds = {
  block: 1,
  blockEnd: 2,
  transaction: 3,
  transactionEnd: 4,
  failure: 5,
  mismatch: 6,
  receipt: 7,
  stateDiff: 8,
  publicInputs: 9,
} as const

/** The fields of a header, in order; a field's number is its index. */
export const headerFieldNames = [
  'parentHash',
  'ommersHash',
  'coinbase',
  'stateRoot',
  'transactionsRoot',
  'receiptsRoot',
  'logsBloom',
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'extraData',
  'prevRandao',
  'nonce',
  'baseFeePerGas',
  'withdrawalsRoot',
  'blobGasUsed',
  'excessBlobGas',
  'parentBeaconBlockRoot',
  'requestsHash',
] as const
export type HeaderFieldName = (typeof headerFieldNames)[number]

const numericFields: ReadonlySet<HeaderFieldName> = new Set([
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'baseFeePerGas',
  'blobGasUsed',
  'excessBlobGas',
])

interface GuestRecord {
  readonly kind: number
  readonly payload: Uint8Array
  readonly cycle: number
  readonly weightedCycle: number
}

const frameBytes = 8

/**
 * Reads what the guest logged. Bytes that are no record end the reading: the log explains a run and decides nothing, so whatever there
 * is of it is welcome.
 */
export function decodeGuestLog(log: readonly GuestLogEntry[]): GuestReport {
  const reader = new ReportReader()
  for (const record of readRecords(log)) reader.take(record)
  return reader.report
}

/** A record is a frame in a call of its own and its payload in the calls after it. */
function* readRecords(log: readonly GuestLogEntry[]): Generator<GuestRecord> {
  for (let at = 0; at < log.length; ) {
    const frame = log[at++]
    if (frame?.bytes.length !== frameBytes) return
    const view = new DataView(frame.bytes.buffer, frame.bytes.byteOffset, frameBytes)
    const length = view.getUint32(4, true)
    const parts: Uint8Array[] = []
    for (let have = 0; have < length; ) {
      const part = log[at++]
      if (part === undefined || part.bytes.length === 0) return
      parts.push(part.bytes)
      have += part.bytes.length
      if (have > length) return
    }
    yield { kind: view.getUint32(0, true), payload: concatBytes(...parts), cycle: frame.cycle, weightedCycle: frame.weightedCycle }
  }
}

interface OpenPart {
  readonly cycle: number
  readonly weightedCycle: number
}

interface GrowingBlock {
  readonly number: bigint
  cycles: number
  weightedCycles: number
  readonly transactions: CycleCount[]
  readonly receipts: Uint8Array[]
}

class ReportReader {
  readonly #blocks: GrowingBlock[] = []
  #failure: GuestFailure | null = null
  #mismatch: HeaderMismatch | null = null
  #publicInputs: Uint8Array | null = null
  #stateDiff: Uint8Array | null = null
  #block: OpenPart | undefined
  #transaction: OpenPart | undefined

  get report(): GuestReport {
    return {
      blocks: this.#blocks,
      failure: this.#failure,
      mismatch: this.#mismatch,
      publicInputs: this.#publicInputs,
      stateDiff: this.#stateDiff,
    }
  }

  take(record: GuestRecord): void {
    const { kind, payload } = record
    const block = this.#blocks.at(-1)
    switch (kind) {
      case guestRecordKinds.block:
        this.#blocks.push({ number: littleEndian(payload), cycles: 0, weightedCycles: 0, transactions: [], receipts: [] })
        this.#block = record
        break
      case guestRecordKinds.blockEnd:
        if (block !== undefined && this.#block !== undefined) Object.assign(block, between(this.#block, record))
        this.#block = undefined
        break
      case guestRecordKinds.transaction:
        block?.transactions.push({ cycles: 0, weightedCycles: 0 })
        this.#transaction = record
        break
      case guestRecordKinds.transactionEnd:
        if (block !== undefined && this.#transaction !== undefined) block.transactions.splice(-1, 1, between(this.#transaction, record))
        this.#transaction = undefined
        break
      case guestRecordKinds.failure:
        this.#failure = toFailure(payload)
        break
      case guestRecordKinds.mismatch:
        this.#mismatch = toMismatch(payload)
        break
      case guestRecordKinds.receipt:
        block?.receipts.push(payload)
        break
      case guestRecordKinds.stateDiff:
        this.#stateDiff = payload
        break
      case guestRecordKinds.publicInputs:
        this.#publicInputs = payload
        break
    }
  }
}

function between(start: OpenPart, end: OpenPart): CycleCount {
  return { cycles: end.cycle - start.cycle, weightedCycles: end.weightedCycle - start.weightedCycle }
}

function toFailure(payload: Uint8Array): GuestFailure | null {
  if (payload.length < 12) return null
  const [status, detail, line] = [0, 4, 8].map((at) => Number(littleEndian(payload.subarray(at, at + 4)))) as [number, number, number]
  return { status, detail, place: `${new TextDecoder().decode(payload.subarray(12))}:${line}` }
}

function toMismatch(payload: Uint8Array): HeaderMismatch | null {
  const field = headerFieldNames[Number(littleEndian(payload.subarray(0, 4)))]
  if (payload.length < 4 || field === undefined) return null
  const value = payload.subarray(4)
  return { field, computed: numericFields.has(field) ? littleEndian(value) : bytesToHex(value) }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
