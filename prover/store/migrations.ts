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
    {
      // A proof in segments: each is a job of its own beside that of the whole, whose segment is -1.
      id: 2,
      sql: `
CREATE TABLE prover_new_inputs AS SELECT * FROM prover_inputs;
CREATE TABLE prover_new_proofs AS SELECT * FROM prover_proofs;
DROP TABLE prover_inputs;
DROP TABLE prover_proofs;
ALTER TABLE prover_jobs RENAME TO prover_old_jobs;
DROP INDEX prover_jobs_open;
CREATE TABLE prover_jobs (
  digest TEXT NOT NULL,
  segment INTEGER NOT NULL,
  program_id TEXT NOT NULL,
  batch_number INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'leased', 'segmented', 'done', 'failed', 'cancelled')),
  attempts INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  agent TEXT,
  lease_token TEXT,
  lease_expires_at_ms INTEGER,
  ready_at_ms INTEGER NOT NULL,
  last_error TEXT,
  PRIMARY KEY (digest, segment)
) STRICT, WITHOUT ROWID;
CREATE INDEX prover_jobs_open ON prover_jobs (status, batch_number) WHERE status IN ('waiting', 'leased', 'segmented');
INSERT INTO prover_jobs SELECT digest, -1, program_id, batch_number, status, attempts, failures, agent, lease_token, lease_expires_at_ms, ready_at_ms, last_error
  FROM prover_old_jobs;
DROP TABLE prover_old_jobs;
CREATE TABLE prover_inputs (digest TEXT PRIMARY KEY, input BLOB NOT NULL) STRICT;
INSERT INTO prover_inputs SELECT digest, input FROM prover_new_inputs;
DROP TABLE prover_new_inputs;
CREATE TABLE prover_proofs (
  digest TEXT PRIMARY KEY,
  program_id TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes BLOB NOT NULL,
  proving_ms INTEGER NOT NULL,
  segments INTEGER
) STRICT;
INSERT INTO prover_proofs SELECT digest, program_id, type, bytes, proving_ms, NULL
  FROM prover_new_proofs JOIN prover_jobs USING (digest) WHERE segment = -1;
DROP TABLE prover_new_proofs;
CREATE TABLE prover_plans (
  digest TEXT PRIMARY KEY,
  plan_id TEXT NOT NULL,
  segments INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  proving_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE prover_segment_proofs (
  digest TEXT NOT NULL,
  segment INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  proving_ms INTEGER NOT NULL,
  PRIMARY KEY (digest, segment)
) STRICT;`,
    },
  ],
}
