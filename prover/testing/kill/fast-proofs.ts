import {
  concatBytes,
  type Hex,
  keccak256,
  keccak256Hex,
  PlanRejectedError,
  type Proof,
  type ProofBackend,
  type ProofPlan,
  type ProofRequest,
  type SegmentProof,
  type SegmentRequest,
} from '../../../core/index.ts'

/** Proofs that take a moment and that nobody should believe: hashes of hashes. The broker treats them as any others. */
const rounds = 3_000
export const killProgramId: Hex = keccak256Hex(new TextEncoder().encode('kill test'))

export function killRequest(batch: number): ProofRequest {
  const input = Uint8Array.of(batch, ...new Uint8Array(20_000).fill(batch))
  return { digest: keccak256Hex(input), programId: killProgramId, batchNumber: BigInt(batch), input }
}

/** Batches take 1, 2, 3 or 4 segments. */
const segmentsOf = (input: Uint8Array): number => ((input[0] ?? 0) % 4) + 1

function work(seed: Uint8Array): Uint8Array {
  let hash = keccak256(seed)
  for (let round = 0; round < rounds; round++) hash = keccak256(hash)
  return hash
}

const planOf = (input: Uint8Array): Uint8Array => work(concatBytes(input, Uint8Array.of(255)))
const segmentOf = (input: Uint8Array, segment: number): Uint8Array => work(concatBytes(input, Uint8Array.of(segment)))

export function expectedBytes({ input }: ProofRequest): Uint8Array {
  const count = segmentsOf(input)
  const segments = Array.from({ length: count }, (_, segment) => segmentOf(input, segment))
  return count === 1 ? concatBytes(...segments) : concatBytes(planOf(input), ...segments)
}

export class FastBackend implements ProofBackend {
  readonly type = 'stark'
  readonly programId = killProgramId

  async prove({ digest, programId, input }: ProofRequest): Promise<Proof | ProofPlan> {
    if (keccak256Hex(input) !== digest) throw new Error('the input is not the one of this batch')
    const segments = segmentsOf(input)
    if (segments === 1) return { type: this.type, programId, digest, bytes: segmentOf(input, 0), provingMs: 1, segments }
    return { programId, digest, segments, bytes: planOf(input), provingMs: 1 }
  }

  async proveSegment({ digest, input, plan, segment }: SegmentRequest): Promise<SegmentProof> {
    if (Buffer.compare(plan, planOf(input)) !== 0) throw new PlanRejectedError({ digest, reason: 'it is of another input' })
    return { bytes: segmentOf(input, segment), provingMs: 1 }
  }
}

export function isRight({ digest, programId, bytes }: Proof, requests: readonly ProofRequest[]): boolean {
  const request = requests.find((candidate) => candidate.digest === digest)
  return request !== undefined && programId === killProgramId && Buffer.compare(bytes, expectedBytes(request)) === 0
}
