import type { Hex, Proof, ProofJobStatus, ProofRequest, ProofType } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'

/** A job as it is stored. */
export interface StoredJob {
  readonly digest: Hex
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

interface JobRow {
  digest: Hex
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

  find(digest: Hex): StoredJob | undefined {
    const row = this.#statements.find.get(digest)
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
    this.#statements.saveProof.run(proof.digest, proof.type, proof.bytes, proof.provingMs)
  }

  proof(digest: Hex): Proof | undefined {
    const row = this.#statements.proof.get(digest)
    return row && { digest, type: row.type, programId: row.program_id, bytes: new Uint8Array(row.bytes), provingMs: row.proving_ms }
  }

  deleteProof(digest: Hex): void {
    this.#statements.deleteProof.run(digest)
  }
}

function jobOf(row: JobRow): StoredJob {
  return {
    digest: row.digest,
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
    find: sqlite.prepare<[Hex], JobRow>('SELECT * FROM prover_jobs WHERE digest = ?'),
    save: sqlite.prepare(
      `INSERT INTO prover_jobs VALUES (@digest, @programId, @batchNumber, @status, @attempts, @failures, @agent, @leaseToken, @leaseExpiresAtMs, @readyAtMs, @lastError)
       ON CONFLICT (digest) DO UPDATE SET program_id = @programId, batch_number = @batchNumber, status = @status, attempts = @attempts, failures = @failures,
         agent = @agent, lease_token = @leaseToken, lease_expires_at_ms = @leaseExpiresAtMs, ready_at_ms = @readyAtMs, last_error = @lastError`,
    ),
    nextReady: sqlite.prepare<[number], JobRow>(
      "SELECT * FROM prover_jobs WHERE status = 'waiting' AND ready_at_ms <= ? ORDER BY batch_number, digest LIMIT 1",
    ),
    nextEvent: sqlite.prepare<[], { at_ms: number | null }>(
      "SELECT MIN(CASE status WHEN 'waiting' THEN ready_at_ms ELSE lease_expires_at_ms END) AS at_ms FROM prover_jobs WHERE status IN ('waiting', 'leased')",
    ),
    leased: sqlite.prepare<[], JobRow>("SELECT * FROM prover_jobs WHERE status = 'leased' ORDER BY batch_number, digest"),
    saveInput: sqlite.prepare<[Hex, Uint8Array]>('INSERT OR REPLACE INTO prover_inputs VALUES (?, ?)'),
    input: sqlite.prepare<[Hex], { input: Uint8Array }>('SELECT input FROM prover_inputs WHERE digest = ?'),
    deleteInput: sqlite.prepare<[Hex]>('DELETE FROM prover_inputs WHERE digest = ?'),
    saveProof: sqlite.prepare<[Hex, ProofType, Uint8Array, number]>('INSERT OR REPLACE INTO prover_proofs VALUES (?, ?, ?, ?)'),
    proof: sqlite.prepare<[Hex], ProofRow>(
      'SELECT program_id, type, bytes, proving_ms FROM prover_proofs JOIN prover_jobs USING (digest) WHERE digest = ?',
    ),
    deleteProof: sqlite.prepare<[Hex]>('DELETE FROM prover_proofs WHERE digest = ?'),
  }
}
