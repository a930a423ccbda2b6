import type { Hex, Proof, ProofJobStatus, ProofRequest, ProofType, SegmentProof } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'

/** In place of a segment: the job of the proof as a whole. */
export const wholeProof = -1

/** A job as it is stored: of a whole proof, or of one segment of it. */
export interface StoredJob {
  readonly digest: Hex
  /** From 0 on, or `wholeProof`. */
  readonly segment: number
  readonly programId: Hex
  readonly batchNumber: bigint
  readonly status: ProofJobStatus
  /** Times it was leased. */
  readonly attempts: number
  /** Attempts that went wrong since it was enqueued or revived. */
  readonly failures: number
  readonly agent: string | null
  readonly leaseToken: string | null
  readonly leaseExpiresAtMs: number | null
  /** Not leased before. */
  readonly readyAtMs: number
  readonly lastError: string | null
}

/** How a proof is cut into segments. */
export interface StoredPlan {
  readonly digest: Hex
  /** keccak256 of `bytes`: a segment's proof made by another plan does not fit. */
  readonly planId: Hex
  readonly segments: number
  readonly bytes: Uint8Array
  readonly provingMs: number
}

interface JobRow {
  digest: Hex
  segment: number
  program_id: Hex
  batch_number: number
  status: ProofJobStatus
  attempts: number
  failures: number
  agent: string | null
  lease_token: string | null
  lease_expires_at_ms: number | null
  ready_at_ms: number
  last_error: string | null
}

interface ProofRow {
  program_id: Hex
  type: ProofType
  bytes: Uint8Array
  proving_ms: number
  segments: number | null
}

interface PlanRow {
  plan_id: Hex
  segments: number
  bytes: Uint8Array
  proving_ms: number
}

/** Jobs, inputs and proofs in SQLite. Knows no rules: `ProofBroker` has them. */
export class JobStore {
  readonly #database: DevnetDatabase
  readonly #statements: ReturnType<typeof prepare>

  constructor(database: DevnetDatabase) {
    this.#database = database
    this.#statements = prepare(database)
  }

  transaction<T>(work: () => T): T {
    return this.#database.transaction(work)
  }

  find(digest: Hex, segment = wholeProof): StoredJob | undefined {
    const row = this.#statements.find.get(digest, segment)
    return row && jobOf(row)
  }

  save(job: StoredJob): void {
    this.#statements.save.run({ ...job, batchNumber: Number(job.batchNumber) })
  }

  /** The next job to lease: oldest batch first, because L1 takes them in order. */
  nextReady(nowMs: number): StoredJob | undefined {
    const row = this.#statements.nextReady.get(nowMs)
    return row && jobOf(row)
  }

  /** When the earliest waiting job may be leased, or the earliest lease expires. */
  nextEventAtMs(): number | undefined {
    return this.#statements.nextEvent.get()?.at_ms ?? undefined
  }

  leased(): StoredJob[] {
    return this.#statements.leased.all().map(jobOf)
  }

  saveInput({ digest, input }: ProofRequest): void {
    this.#statements.saveInput.run(digest, input)
  }

  input(digest: Hex): Uint8Array | undefined {
    return this.#statements.input.get(digest)?.input
  }

  deleteInput(digest: Hex): void {
    this.#statements.deleteInput.run(digest)
  }

  saveProof(proof: Proof): void {
    this.#statements.saveProof.run(proof.digest, proof.programId, proof.type, proof.bytes, Math.round(proof.provingMs), proof.segments)
  }

  proof(digest: Hex): Proof | undefined {
    const row = this.#statements.proof.get(digest)
    if (row === undefined) return undefined
    const { type, program_id: programId, proving_ms: provingMs, segments } = row
    return { digest, type, programId, bytes: new Uint8Array(row.bytes), provingMs, segments }
  }

  deleteProof(digest: Hex): void {
    this.#statements.deleteProof.run(digest)
  }

  /** Whole jobs of which segments are being proven. */
  segmented(): StoredJob[] {
    return this.#statements.segmented.all().map(jobOf)
  }

  savePlan({ digest, planId, segments, bytes, provingMs }: StoredPlan): void {
    this.#statements.savePlan.run(digest, planId, segments, bytes, Math.round(provingMs))
  }

  plan(digest: Hex): StoredPlan | undefined {
    const row = this.#statements.plan.get(digest)
    return row && { digest, planId: row.plan_id, segments: row.segments, bytes: new Uint8Array(row.bytes), provingMs: row.proving_ms }
  }

  saveSegmentProof(digest: Hex, segment: number, { bytes, provingMs }: SegmentProof): void {
    this.#statements.saveSegmentProof.run(digest, segment, bytes, Math.round(provingMs))
  }

  /** In their order; those that are there. */
  segmentProofs(digest: Hex): SegmentProof[] {
    return this.#statements.segmentProofs
      .all(digest)
      .map(({ bytes, proving_ms }) => ({ bytes: new Uint8Array(bytes), provingMs: proving_ms }))
  }

  segmentProofCount(digest: Hex): number {
    return this.#statements.segmentProofCount.get(digest)?.count ?? 0
  }

  /** Drops the job of a whole proof. */
  delete(digest: Hex): void {
    this.#statements.deleteJob.run(digest)
  }

  /** Drops the plan with all that was made by it. */
  deletePlan(digest: Hex): void {
    this.#statements.deletePlan.run(digest)
    this.#statements.deleteSegmentJobs.run(digest)
    this.#statements.deleteSegmentProofs.run(digest)
  }
}

function jobOf(row: JobRow): StoredJob {
  return {
    digest: row.digest,
    segment: row.segment,
    programId: row.program_id,
    batchNumber: BigInt(row.batch_number),
    status: row.status,
    attempts: row.attempts,
    failures: row.failures,
    agent: row.agent,
    leaseToken: row.lease_token,
    leaseExpiresAtMs: row.lease_expires_at_ms,
    readyAtMs: row.ready_at_ms,
    lastError: row.last_error,
  }
}

// The types of rows and parameters are stated here once: the decoding edge of this store.
function prepare({ sqlite }: DevnetDatabase) {
  return {
    find: sqlite.prepare<[Hex, number], JobRow>('SELECT * FROM prover_jobs WHERE digest = ? AND segment = ?'),
    save: sqlite.prepare(
      `INSERT INTO prover_jobs VALUES (@digest, @segment, @programId, @batchNumber, @status, @attempts, @failures, @agent, @leaseToken, @leaseExpiresAtMs, @readyAtMs, @lastError)
       ON CONFLICT (digest, segment) DO UPDATE SET program_id = @programId, batch_number = @batchNumber, status = @status, attempts = @attempts, failures = @failures,
         agent = @agent, lease_token = @leaseToken, lease_expires_at_ms = @leaseExpiresAtMs, ready_at_ms = @readyAtMs, last_error = @lastError`,
    ),
    nextReady: sqlite.prepare<[number], JobRow>(
      "SELECT * FROM prover_jobs WHERE status = 'waiting' AND ready_at_ms <= ? ORDER BY batch_number, digest, segment LIMIT 1",
    ),
    nextEvent: sqlite.prepare<[], { at_ms: number | null }>(
      "SELECT MIN(CASE status WHEN 'waiting' THEN ready_at_ms ELSE lease_expires_at_ms END) AS at_ms FROM prover_jobs WHERE status IN ('waiting', 'leased')",
    ),
    leased: sqlite.prepare<[], JobRow>("SELECT * FROM prover_jobs WHERE status = 'leased' ORDER BY batch_number, digest, segment"),
    saveInput: sqlite.prepare<[Hex, Uint8Array]>('INSERT OR REPLACE INTO prover_inputs VALUES (?, ?)'),
    input: sqlite.prepare<[Hex], { input: Uint8Array }>('SELECT input FROM prover_inputs WHERE digest = ?'),
    deleteInput: sqlite.prepare<[Hex]>('DELETE FROM prover_inputs WHERE digest = ?'),
    saveProof: sqlite.prepare<[Hex, Hex, ProofType, Uint8Array, number, number | null]>(
      'INSERT OR REPLACE INTO prover_proofs VALUES (?, ?, ?, ?, ?, ?)',
    ),
    proof: sqlite.prepare<[Hex], ProofRow>('SELECT program_id, type, bytes, proving_ms, segments FROM prover_proofs WHERE digest = ?'),
    deleteProof: sqlite.prepare<[Hex]>('DELETE FROM prover_proofs WHERE digest = ?'),
    segmented: sqlite.prepare<[], JobRow>("SELECT * FROM prover_jobs WHERE status = 'segmented' ORDER BY batch_number, digest"),
    savePlan: sqlite.prepare<[Hex, Hex, number, Uint8Array, number]>('INSERT INTO prover_plans VALUES (?, ?, ?, ?, ?)'),
    plan: sqlite.prepare<[Hex], PlanRow>('SELECT plan_id, segments, bytes, proving_ms FROM prover_plans WHERE digest = ?'),
    deletePlan: sqlite.prepare<[Hex]>('DELETE FROM prover_plans WHERE digest = ?'),
    deleteJob: sqlite.prepare<[Hex]>(`DELETE FROM prover_jobs WHERE digest = ? AND segment = ${wholeProof}`),
    deleteSegmentJobs: sqlite.prepare<[Hex]>(`DELETE FROM prover_jobs WHERE digest = ? AND segment <> ${wholeProof}`),
    saveSegmentProof: sqlite.prepare<[Hex, number, Uint8Array, number]>('INSERT INTO prover_segment_proofs VALUES (?, ?, ?, ?)'),
    segmentProofs: sqlite.prepare<[Hex], { bytes: Uint8Array; proving_ms: number }>(
      'SELECT bytes, proving_ms FROM prover_segment_proofs WHERE digest = ? ORDER BY segment',
    ),
    segmentProofCount: sqlite.prepare<[Hex], { count: number }>('SELECT COUNT(*) AS count FROM prover_segment_proofs WHERE digest = ?'),
    deleteSegmentProofs: sqlite.prepare<[Hex]>('DELETE FROM prover_segment_proofs WHERE digest = ?'),
  }
}
