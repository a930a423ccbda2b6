import type { Batch, Divergence, GuestCycles, Hex, TransactionCycles } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import type { CycleRates } from './cycle-rates.ts'

/** What a run of the guest on a batch showed. */
export interface DryRunResult extends GuestCycles, CycleRates {
  readonly programId: Hex
  readonly durationMs: number
  /** Null where guest and sequencer agree. */
  readonly divergence: Divergence | null
  readonly transactions: readonly (GuestCycles & { readonly hash: Hex })[]
}

interface CyclesRow {
  batch: number
  cycles: number
  weighted_cycles: number
}

interface RatesRow {
  per_gas: number | null
  per_block: number | null
  per_batch: number | null
}

type StoredDivergence = Pick<Divergence, 'kind' | 'summary' | 'details'> & { readonly blockNumber: string | null }

/** What the guest showed of each batch, in SQLite. Goes with the batch. */
export class DryRunStore {
  readonly #database: DevnetDatabase
  readonly #statements: ReturnType<typeof prepareStatements>
  /** The last answer of `highestRates`: it is asked for with every block, and changes with every batch. */
  #rates: { readonly batches: number; readonly highest: CycleRates | undefined } | undefined

  constructor(database: DevnetDatabase) {
    this.#database = database
    this.#statements = prepareStatements(database)
  }

  /** Takes the place of an older result. False, and nothing is stored, where the batch is not there any more. */
  put({ number, digest }: Pick<Batch, 'number' | 'digest'>, result: DryRunResult): boolean {
    const batch = Number(number)
    this.forgetRates()
    return this.#database.transaction(() => {
      const { changes } = this.#statements.put.run(
        batch,
        result.programId,
        result.cycles,
        result.weightedCycles,
        Math.round(result.durationMs),
        result.perGas,
        result.perBlock,
        result.perBatch,
        result.divergence === null ? null : encodeDivergence(result.divergence),
        batch,
        digest,
      )
      if (changes === 0) return false
      for (const { hash, cycles, weightedCycles } of result.transactions) {
        this.#statements.putTransaction.run(hash, batch, cycles, weightedCycles)
      }
      return true
    })
  }

  /** Whether the guest agreed with exactly that batch. */
  passed({ number, digest, programId }: Pick<Batch, 'number' | 'digest' | 'programId'>): boolean {
    return this.#statements.passed.get(Number(number), digest, programId) !== undefined
  }

  /** The first batch of the program above that one with which the guest has not agreed. */
  firstUnchecked(above: bigint, programId: Hex): bigint | undefined {
    const row = this.#statements.firstUnchecked.get(Number(above), programId)
    return row && BigInt(row.number)
  }

  /** Of the first batch above that one that has one. */
  divergence(above: bigint): Divergence | undefined {
    const row = this.#statements.divergence.get(Number(above))
    return row && decodeDivergence(BigInt(row.batch), row.divergence)
  }

  batchCycles(number: bigint): GuestCycles | undefined {
    const row = this.#statements.cycles.get(Number(number))
    return row && { cycles: row.cycles, weightedCycles: row.weighted_cycles }
  }

  transactionCycles(hash: Hex): TransactionCycles | undefined {
    const row = this.#statements.transactionCycles.get(hash)
    return row && { batchNumber: BigInt(row.batch), cycles: row.cycles, weightedCycles: row.weighted_cycles }
  }

  /** The highest rates of the newest batches; undefined where none was run. */
  highestRates(batches: number): CycleRates | undefined {
    if (this.#rates?.batches !== batches) this.#rates = { batches, highest: this.#readRates(batches) }
    return this.#rates.highest
  }

  /** Batches went, and their results with them. */
  forgetRates(): void {
    this.#rates = undefined
  }

  #readRates(batches: number): CycleRates | undefined {
    const row = this.#statements.rates.get(batches)
    if (row === undefined || row.per_gas === null || row.per_block === null || row.per_batch === null) return undefined
    return { perGas: row.per_gas, perBlock: row.per_block, perBatch: row.per_batch }
  }
}

function prepareStatements({ sqlite }: DevnetDatabase) {
  return {
    put: sqlite.prepare(
      `INSERT OR REPLACE INTO dry_run_results (batch, program_id, cycles, weighted_cycles, duration_ms, cycles_per_gas, cycles_per_block,
         cycles_per_batch, divergence, digest)
       SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, digest FROM batches_batches WHERE number = ? AND digest = ?`,
    ),
    putTransaction: sqlite.prepare(
      'INSERT OR REPLACE INTO dry_run_transactions (tx_hash, batch, cycles, weighted_cycles) VALUES (?, ?, ?, ?)',
    ),
    passed: sqlite.prepare<[number, string, string], { batch: number }>(
      'SELECT batch FROM dry_run_results WHERE batch = ? AND digest = ? AND program_id = ? AND divergence IS NULL',
    ),
    firstUnchecked: sqlite.prepare<[number, string], { number: number }>(
      `SELECT b.number AS number FROM batches_batches b
       LEFT JOIN dry_run_results r ON r.batch = b.number AND r.digest = b.digest AND r.program_id = b.program_id AND r.divergence IS NULL
       WHERE b.number > ? AND b.program_id = ? AND r.batch IS NULL ORDER BY b.number LIMIT 1`,
    ),
    divergence: sqlite.prepare<[number], { batch: number; divergence: string }>(
      'SELECT batch, divergence FROM dry_run_results WHERE batch > ? AND divergence IS NOT NULL ORDER BY batch LIMIT 1',
    ),
    cycles: sqlite.prepare<[number], CyclesRow>('SELECT batch, cycles, weighted_cycles FROM dry_run_results WHERE batch = ?'),
    transactionCycles: sqlite.prepare<[string], CyclesRow>(
      'SELECT batch, cycles, weighted_cycles FROM dry_run_transactions WHERE tx_hash = ?',
    ),
    rates: sqlite.prepare<[number], RatesRow>(
      `SELECT max(cycles_per_gas) AS per_gas, max(cycles_per_block) AS per_block, max(cycles_per_batch) AS per_batch
       FROM (SELECT * FROM dry_run_results WHERE divergence IS NULL ORDER BY batch DESC LIMIT ?)`,
    ),
  }
}

function encodeDivergence({ kind, blockNumber, summary, details }: Divergence): string {
  const stored: StoredDivergence = { kind, blockNumber: blockNumber === null ? null : String(blockNumber), summary, details }
  return JSON.stringify(stored)
}

function decodeDivergence(batchNumber: bigint, text: string): Divergence {
  // Only `encodeDivergence` writes it.
  const { kind, blockNumber, summary, details } = JSON.parse(text) as StoredDivergence
  return { kind, batchNumber, blockNumber: blockNumber === null ? null : BigInt(blockNumber), summary, details }
}
