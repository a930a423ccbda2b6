import type { Hex, ProofType } from '../../core/index.ts'
import { type StoredJob, type StoredPlan, wholeProof } from '../store/job-store.ts'

/** What an agent makes. */
export interface AgentKind {
  readonly proofType: ProofType
  readonly programId: Hex
}

/** A job in the hands of one agent. */
export interface Lease {
  readonly digest: Hex
  readonly programId: Hex
  readonly batchNumber: bigint
  readonly token: string
  readonly leaseMs: number
  /** Null where the proof as a whole, or its plan, is asked for. */
  readonly segment: { readonly index: number; readonly count: number; readonly planId: Hex } | null
}

/**
 * How an attempt ended without a proof: `failed` is tried again later, `invalid-input` never, `handed-back` at once and without counting.
 * `plan-rejected`: the segment's plan is not what the input gives, so it is planned anew.
 */
export type FailureKind = 'failed' | 'invalid-input' | 'handed-back' | 'plan-rejected'

export function segmentOf({ segment }: StoredJob, plan: StoredPlan | undefined): Lease['segment'] {
  return segment === wholeProof || plan === undefined ? null : { index: segment, count: plan.segments, planId: plan.planId }
}
