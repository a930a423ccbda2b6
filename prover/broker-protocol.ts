import { z } from 'zod'
import type { Hex } from '../core/index.ts'

// What broker and agent say to each other, version 2. Both sides check what they receive.

export const protocolPath = '/v2'
/** An idle agent's request is answered after this long at the latest. */
export const maxLeaseWaitMs = 20_000
export const maxReasonLength = 2_000
/** As many as a proof may have. */
const maxSegments = 256
const maxHeartbeatText = 40

const hex = (length: number) =>
  z.custom<Hex>(
    (value) => typeof value === 'string' && new RegExp(`^0x[0-9a-f]{${length * 2}}$`).test(value),
    `expected ${length} bytes in lower-case hex`,
  )
const Digest = hex(32)
const Bytes = z.custom<Hex>((value) => typeof value === 'string' && /^0x(?:[0-9a-f]{2})*$/.test(value), 'expected bytes in lower-case hex')
const ProofKind = z.enum(['attested', 'stark'])
const Milliseconds = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const LeaseToken = z.string().min(1).max(100)

export const JobParams = z.object({ digest: Digest })
export const SegmentParams = JobParams.extend({
  segment: z.coerce
    .number()
    .int()
    .min(0)
    .max(maxSegments - 1),
})

export const LeaseRequest = z.strictObject({
  agent: z.string().regex(/^[\w.:-]{1,64}$/),
  waitMs: z.number().int().min(0).max(maxLeaseWaitMs),
  proofType: ProofKind,
  programId: Digest,
})

/** Status 204 instead when no job came. */
export const LeaseResponse = z.object({
  digest: Digest,
  programId: Digest,
  batchNumber: z.string().regex(/^\d{1,20}$/),
  leaseToken: LeaseToken,
  leaseMs: z.number().int().positive(),
  /** Null where the whole proof, or a plan of it, is asked for. */
  segment: z.object({ index: Count, count: Count, planId: Digest }).nullable(),
})

export const HeartbeatRequest = z.strictObject({
  leaseToken: LeaseToken,
  step: z
    .strictObject({ phase: z.string().max(maxHeartbeatText), cycles: Count, segment: Count.nullable(), segments: Count.nullable() })
    .optional(),
})

export const ResultRequest = z.strictObject({
  leaseToken: LeaseToken,
  type: ProofKind,
  programId: Digest,
  bytes: Bytes,
  provingMs: Milliseconds,
  segments: z.number().int().min(1).max(maxSegments).nullable(),
})

export const PlanRequest = z.strictObject({
  leaseToken: LeaseToken,
  programId: Digest,
  segments: z.number().int().min(2).max(maxSegments),
  bytes: Bytes,
  provingMs: Milliseconds,
})

export const SegmentResultRequest = z.strictObject({ planId: Digest, bytes: Bytes, provingMs: Milliseconds })

export const FailureRequest = z.strictObject({
  leaseToken: LeaseToken,
  kind: z.enum(['failed', 'invalid-input', 'handed-back', 'plan-rejected']),
  reason: z.string().max(maxReasonLength),
})

export const ErrorResponse = z.object({ error: z.object({ code: z.string(), message: z.string() }) })
