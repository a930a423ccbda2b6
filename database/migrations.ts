import type { Database } from 'better-sqlite3'
import { keccak256Hex } from '../core/index.ts'
import { DataVersionError } from './errors.ts'

/** One step of an owner's schema. Once released its SQL never changes: a new step is appended. */
export interface Migration {
  /** 1, 2, 3, … within the owner. */
  id: number
  /** Statements without transaction control. */
  sql: string
}

/** The tables of one part of the program. Their names begin with the owner's name. */
export interface MigrationSet {
  owner: string
  migrations: readonly Migration[]
}

// "zkdv": tells our file from any other SQLite database.
const applicationId = 0x7a6b6476

const bookkeeping = `CREATE TABLE IF NOT EXISTS schema_migrations (
  owner TEXT NOT NULL, id INTEGER NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID`

/** Brings the schema up to date, everything or nothing. Throws `DataVersionError` when the file knows steps that this program does not. */
export function migrate(db: Database, sets: readonly MigrationSet[], path: string): void {
  assertOwners(sets)
  assertOurs(db, path)
  db.transaction(() => {
    db.pragma(`application_id = ${applicationId}`)
    db.exec(bookkeeping)
    const applied = readApplied(db)
    for (const { owner, migrations } of sets) {
      for (const { id, sql } of migrations) {
        const key = `${owner} ${id}`
        const hash = keccak256Hex(new TextEncoder().encode(sql))
        const known = applied.get(key)
        applied.delete(key)
        if (known === hash) continue
        if (known !== undefined) throw new DataVersionError({ path, reason: `step ${id} of the ${owner} tables differs` })
        db.exec(sql)
        db.prepare('INSERT INTO schema_migrations (owner, id, hash) VALUES (?, ?, ?)').run(owner, id, hash)
      }
    }
    const [unknown] = applied.keys()
    if (unknown !== undefined) throw new DataVersionError({ path, reason: `this program does not know its tables "${unknown}"` })
  }).immediate()
}

function assertOwners(sets: readonly MigrationSet[]): void {
  if (new Set(sets.map(({ owner }) => owner)).size !== sets.length) throw new Error('two migration sets have one owner')
  for (const { owner, migrations } of sets) {
    if (migrations.some(({ id }, index) => id !== index + 1)) throw new Error(`migrations of ${owner} are not numbered 1, 2, 3, …`)
  }
}

function assertOurs(db: Database, path: string): void {
  if (db.pragma('application_id', { simple: true }) === applicationId) return
  if (db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined) {
    throw new DataVersionError({ path, reason: 'it was made by another program' })
  }
}

function readApplied(db: Database): Map<string, string> {
  const rows = db.prepare<[], { owner: string; id: number; hash: string }>('SELECT owner, id, hash FROM schema_migrations').all()
  return new Map(rows.map(({ owner, id, hash }) => [`${owner} ${id}`, hash]))
}
