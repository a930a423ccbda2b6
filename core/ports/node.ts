import type { ProofType } from '../chain/batch.ts'
import type { Hex } from '../hex.ts'

/** Contracts of the rollup on L1. */
export interface L1Contracts {
  readonly rollup: Hex
  readonly inbox: Hex
  readonly bridge: Hex
  readonly verifier: Hex
}

/** What a running node says of itself (`zkdevnet_nodeInfo`). */
export interface NodeInfo {
  readonly version: string
  readonly l1ChainId: bigint
  readonly l2ChainId: bigint
  readonly l1Url: string
  readonly l2Url: string
  readonly contracts: L1Contracts
  readonly proofType: ProofType
  readonly programId: Hex
  readonly dataDir: string
}

/** Time of day; a dep, so that tests own it. */
export interface Clock {
  nowMs(): number
}

/** The part of pino's logger that we use: fields, then a fixed phrase. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Long-lived part of the node. */
export interface Service {
  start(signal: AbortSignal): Promise<void>
  /** Idempotent; what was accepted is stored when it resolves. */
  stop(): Promise<void>
}

/**
 * Named points of the pipeline at which tests kill the process. Production passes a function that does nothing.
 */
export type FaultPoint = (stage: FaultStage) => void

export const faultStages = [
  'mempool',
  'answered',
  'sealed',
  'diff built',
  'batch checked',
  'commit sent',
  'commit mined',
  'job leased',
  'proof returned',
  'prove sent',
  'executed',
  'l1 executed',
  'l1 journal written',
] as const
export type FaultStage = (typeof faultStages)[number]
