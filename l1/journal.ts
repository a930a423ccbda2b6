import type { Database, Statement } from 'better-sqlite3'
import { bytesToHex, type Hex, hexToBytes } from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import { settingName, settingsThatOutliveReverts } from './methods.ts'

/** A request that changed the chain. */
export interface JournalEntry {
  method: string
  params: readonly unknown[]
  /** Seconds; of the block that the request sealed. Null when it sealed none or named the time itself. */
  timestamp: number | null
}

export interface StoredJournalEntry extends JournalEntry {
  seq: number
}

interface JournalRow {
  seq: number
  method: string
  params: Uint8Array
  timestamp: number | null
}

/** What was done to the L1 since the last checkpoint, in order; settings and named values of the L1. */
export class Journal {
  readonly #database: DevnetDatabase
  readonly #append: Statement
  #lastSeq: number
  #costUs: number
  #entries: number

  constructor(database: DevnetDatabase) {
    this.#database = database
    const { sqlite } = database
    this.#append = sqlite.prepare('INSERT INTO l1_journal (seq, method, params, timestamp, cost_us) VALUES (?, ?, ?, ?, ?)')
    const totals = readTotals(sqlite)
    this.#lastSeq = totals.lastSeq
    this.#entries = totals.entries
    this.#costUs = totals.costUs
  }

  /** Position after the last entry. */
  get position(): number {
    return this.#lastSeq
  }

  /** What a replay would take. */
  get replayCost(): { entries: number; executionMs: number } {
    return { entries: this.#entries, executionMs: this.#costUs / 1000 }
  }

  append({ method, params, timestamp }: JournalEntry, executionMs: number): void {
    const costUs = Math.round(executionMs * 1000)
    this.#append.run(this.#lastSeq + 1, method, encodeParams(method, params), timestamp, costUs)
    this.#lastSeq += 1
    this.#entries += 1
    this.#costUs += costUs
  }

  /** The entries in order, a page at a time: they may hold many megabytes of calldata. */
  *entries(): Generator<StoredJournalEntry> {
    const page = this.#database.sqlite.prepare<[number], JournalRow>(
      'SELECT seq, method, params, timestamp FROM l1_journal WHERE seq > ? ORDER BY seq LIMIT 200',
    )
    let rows = page.all(0)
    while (rows.length > 0) {
      let last = 0
      for (const { seq, method, params, timestamp } of rows) {
        yield { seq, method, params: decodeParams(method, params), timestamp }
        last = seq
      }
      rows = page.all(last)
    }
  }

  /** Entries of one method since the last checkpoint. */
  paramsOf(method: string): (readonly unknown[])[] {
    const rows = this.#database.sqlite
      .prepare<[string], { params: Uint8Array }>('SELECT params FROM l1_journal WHERE method = ?')
      .all(method)
    return rows.map(({ params }) => decodeParams(method, params))
  }

  /** Forgets what followed `position`, as a revert does, except for the settings that a revert leaves alone. */
  truncate(position: number): void {
    const kept = settingsThatOutliveReverts.map(() => '?').join(', ')
    this.#database.sqlite
      .prepare(`DELETE FROM l1_journal WHERE seq > ? AND method NOT IN (${kept})`)
      .run(position, ...settingsThatOutliveReverts)
    this.#recount()
  }

  /** Empties the journal into the settings; call it in the transaction that stores the checkpoint. */
  foldIntoCheckpoint(): void {
    const { sqlite } = this.#database
    const keep = sqlite.prepare(
      'INSERT INTO l1_settings (name, method, params) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET method = excluded.method, params = excluded.params',
    )
    for (const { method, params } of this.entries()) {
      const name = settingName(method, params)
      if (name !== undefined) keep.run(name, method, encodeParams(method, params))
    }
    sqlite.prepare("DELETE FROM l1_settings WHERE method = 'hardhat_stopImpersonatingAccount'").run()
    this.clear()
  }

  clear(): void {
    this.#database.sqlite.prepare('DELETE FROM l1_journal').run()
    this.#recount()
  }

  clearSettings(): void {
    this.#database.sqlite.prepare('DELETE FROM l1_settings').run()
  }

  /** Settings in force at the checkpoint. */
  settings(): JournalEntry[] {
    const rows = this.#database.sqlite.prepare<[], Omit<JournalRow, 'seq'>>('SELECT method, params FROM l1_settings ORDER BY name').all()
    return rows.map(({ method, params }) => ({ method, params: decodeParams(method, params), timestamp: null }))
  }

  readMeta(name: string): string | undefined {
    return this.#database.sqlite.prepare<[string], string>('SELECT value FROM l1_meta WHERE name = ?').pluck().get(name)
  }

  writeMeta(name: string, value: string): void {
    this.#database.sqlite
      .prepare('INSERT INTO l1_meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
      .run(name, value)
  }

  #recount(): void {
    const { entries, costUs, lastSeq } = readTotals(this.#database.sqlite)
    this.#entries = entries
    this.#costUs = costUs
    this.#lastSeq = lastSeq
  }
}

function readTotals(sqlite: Database): { lastSeq: number; entries: number; costUs: number } {
  const row = sqlite
    .prepare<[], { lastSeq: number; entries: number; costUs: number }>(
      'SELECT ifnull(max(seq), 0) AS lastSeq, count(*) AS entries, ifnull(sum(cost_us), 0) AS costUs FROM l1_journal',
    )
    .get()
  return row ?? { lastSeq: 0, entries: 0, costUs: 0 }
}

// Raw transactions are most of the journal: they are kept as bytes, everything else as JSON.
function encodeParams(method: string, params: readonly unknown[]): Uint8Array {
  if (isRawTransaction(method, params)) return hexToBytes(params[0])
  return Buffer.from(JSON.stringify(params), 'utf8')
}

function decodeParams(method: string, params: Uint8Array): readonly unknown[] {
  if (method === 'eth_sendRawTransaction') return [bytesToHex(params)]
  const decoded: unknown = JSON.parse(Buffer.from(params).toString('utf8'))
  return Array.isArray(decoded) ? decoded : []
}

// Only what EDR accepted comes here, so the hex is whole bytes.
function isRawTransaction(method: string, params: readonly unknown[]): params is readonly [Hex] {
  return method === 'eth_sendRawTransaction' && typeof params[0] === 'string'
}
