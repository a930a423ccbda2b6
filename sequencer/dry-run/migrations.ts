import type { MigrationSet } from '../../database/index.ts'

export const dryRunMigrations: MigrationSet = {
  owner: 'dry_run',
  migrations: [
    {
      id: 1,
      // A result is one of a program on a digest: it says nothing of another batch under the number, nor for another program.
      sql: `
        CREATE TABLE dry_run_results (
          batch INTEGER PRIMARY KEY REFERENCES batches_batches (number) ON DELETE CASCADE,
          digest TEXT NOT NULL,
          program_id TEXT NOT NULL,
          cycles INTEGER NOT NULL,
          weighted_cycles INTEGER NOT NULL,
          duration_ms INTEGER NOT NULL,
          cycles_per_gas REAL NOT NULL,
          cycles_per_block INTEGER NOT NULL,
          cycles_per_batch INTEGER NOT NULL,
          divergence TEXT
        ) STRICT;
        CREATE TABLE dry_run_transactions (
          tx_hash TEXT PRIMARY KEY,
          batch INTEGER NOT NULL REFERENCES batches_batches (number) ON DELETE CASCADE,
          cycles INTEGER NOT NULL,
          weighted_cycles INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX dry_run_transactions_batch ON dry_run_transactions (batch);
      `,
    },
  ],
}
