import type { MigrationSet } from '../../database/index.ts'

/**
 * Inputs live in the database, not in files: a job and its input are one commit, so a kill leaves neither a job without input nor an
 * orphaned file. They have a table of their own, because they are megabytes and the jobs are listed often.
 */
export const proverMigrations: MigrationSet = {
  owner: 'prover',
  migrations: [
    {
      id: 1,
      sql: `
CREATE TABLE prover_jobs (
  digest TEXT PRIMARY KEY,
  program_id TEXT NOT NULL,
  batch_number INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'leased', 'done', 'failed', 'cancelled')),
  attempts INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  agent TEXT,
  lease_token TEXT,
  lease_expires_at_ms INTEGER,
  ready_at_ms INTEGER NOT NULL,
  last_error TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX prover_jobs_open ON prover_jobs (status, batch_number) WHERE status IN ('waiting', 'leased');
CREATE TABLE prover_inputs (digest TEXT PRIMARY KEY REFERENCES prover_jobs (digest) ON DELETE CASCADE, input BLOB NOT NULL) STRICT;
CREATE TABLE prover_proofs (
  digest TEXT PRIMARY KEY REFERENCES prover_jobs (digest) ON DELETE CASCADE,
  type TEXT NOT NULL,
  bytes BLOB NOT NULL,
  proving_ms INTEGER NOT NULL
) STRICT;`,
    },
  ],
}
