import { type Hex, hexToBigInt } from 'viem'

const batchStatuses = ['sealed', 'committed', 'proven', 'executed'] as const
/** How far L1 is with a batch. A dev batch goes from committed to executed. */
export type BatchStatus = (typeof batchStatuses)[number]

/** An L1 transaction that moved a batch on. */
export interface L1Step {
  readonly txHash: Hex
  /** Seconds. */
  readonly timestamp: bigint
  readonly gasUsed: bigint
}

/** Why nobody proves a dev batch. */
export interface DevReason {
  readonly kind: string
  readonly blockNumber: bigint
  /** For people. */
  readonly detail: string
}

export interface Batch {
  readonly number: bigint
  readonly status: BatchStatus
  /** How L1 was convinced: `attested` is trust in the prover's key, not a validity proof; `dev` is not at all. */
  readonly proofType: string
  /** Empty unless it is a dev batch. */
  readonly devReasons: readonly DevReason[]
  readonly firstBlock: bigint
  readonly lastBlock: bigint
  readonly lastBlockHash: Hex
  /** Seconds. */
  readonly lastTimestamp: bigint
  readonly stateRoot: Hex
  readonly messagesRoot: Hex
  readonly digest: Hex
  readonly programId: Hex
  readonly transactionCount: bigint
  readonly messageCount: bigint
  readonly depositCount: bigint
  readonly stateDiffBytes: bigint
  /** Instructions that the guest took; null before it ran. */
  readonly cycles: bigint | null
  readonly commit: L1Step | null
  readonly prove: L1Step | null
  readonly execute: L1Step | null
  /** Milliseconds; null before it is proven. */
  readonly provingMs: bigint | null
}

type Json<T> = { readonly [K in keyof T]: T[K] extends bigint ? Hex : T[K] extends bigint | null ? Hex | null : T[K] }

/** A batch as `zkdevnet_getBatch` answers; it holds more than this. */
export type BatchJson = Omit<Json<Batch>, 'commit' | 'prove' | 'execute' | 'devReasons'> & {
  readonly [K in 'commit' | 'prove' | 'execute']: Json<L1Step> | null
} & { readonly devReasons: readonly Json<DevReason>[] }

export function formatBatch(json: BatchJson): Batch {
  const { status, proofType, lastBlockHash, stateRoot, messagesRoot, digest, programId } = json
  return {
    ...{ status, proofType, lastBlockHash, stateRoot, messagesRoot, digest, programId },
    number: hexToBigInt(json.number),
    devReasons: json.devReasons.map(({ kind, blockNumber, detail }) => ({ kind, blockNumber: hexToBigInt(blockNumber), detail })),
    firstBlock: hexToBigInt(json.firstBlock),
    lastBlock: hexToBigInt(json.lastBlock),
    lastTimestamp: hexToBigInt(json.lastTimestamp),
    transactionCount: hexToBigInt(json.transactionCount),
    messageCount: hexToBigInt(json.messageCount),
    depositCount: hexToBigInt(json.depositCount),
    stateDiffBytes: hexToBigInt(json.stateDiffBytes),
    cycles: json.cycles && hexToBigInt(json.cycles),
    commit: formatStep(json.commit),
    prove: formatStep(json.prove),
    execute: formatStep(json.execute),
    provingMs: json.provingMs && hexToBigInt(json.provingMs),
  }
}

function formatStep(json: Json<L1Step> | null): L1Step | null {
  return json && { txHash: json.txHash, timestamp: hexToBigInt(json.timestamp), gasUsed: hexToBigInt(json.gasUsed) }
}

/** Whether a batch is at least that far. */
export function hasReached(batch: Batch, status: BatchStatus): boolean {
  return batchStatuses.indexOf(batch.status) >= batchStatuses.indexOf(status)
}
