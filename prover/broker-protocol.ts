import { z } from 'zod'
import type { Hex } from '../core/index.ts'

// What broker and agent say to each other, version 1. Both sides check what they receive.

export const protocolPath = '/v1'
/** An idle agent's request is answered after this long at the latest. */
export const maxLeaseWaitMs = 20_000
export const maxReasonLength = 2_000

const hex = (length: number) =>
  z.custom<Hex>(
    (value) => typeof value === 'string' && new RegExp(`^0x[0-9a-f]{${length * 2}}$`).test(value),
    `expected ${length} bytes in lower-case hex`,
  )
const Digest = hex(32)
const Bytes = z.custom<Hex>((value) => typeof value === 'string' && /^0x(?:[0-9a-f]{2})*$/.test(value), 'expected bytes in lower-case hex')
const LeaseToken = z.string().min(1).max(100)

export const JobParams = z.object({ digest: Digest })

export const LeaseRequest = z.strictObject({
  agent: z.string().regex(/^[\w.:-]{1,64}$/),
  waitMs: z.number().int().min(0).max(maxLeaseWaitMs),
})

/** Status 204 instead when no job came. */
export const LeaseResponse = z.object({
  digest: Digest,
  programId: Digest,
  batchNumber: z.string().regex(/^\d{1,20}$/),
  leaseToken: LeaseToken,
  leaseMs: z.number().int().positive(),
})

export const HeartbeatRequest = z.strictObject({ leaseToken: LeaseToken })

export const ResultRequest = z.strictObject({
  leaseToken: LeaseToken,
  type: z.enum(['attested', 'stark']),
  programId: Digest,
  bytes: Bytes,
  provingMs: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
})

export const FailureRequest = z.strictObject({
  leaseToken: LeaseToken,
  kind: z.enum(['failed', 'invalid-input', 'handed-back']),
  reason: z.string().max(maxReasonLength),
})

export const ErrorResponse = z.object({ error: z.object({ code: z.string(), message: z.string() }) })
