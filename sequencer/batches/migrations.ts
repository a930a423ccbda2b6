import type { MigrationSet } from '../../database/index.ts'

export const batchesMigrations: MigrationSet = {
  owner: 'batches',
  migrations: [
    {
      id: 1,
      // `batches_progress` is the contract's truth as it was last read: the status of a batch follows from it.
      sql: `
        CREATE TABLE batches_batches (
          number INTEGER PRIMARY KEY,
          last_block_hash TEXT NOT NULL,
          state_root TEXT NOT NULL,
          first_block INTEGER NOT NULL,
          last_block INTEGER NOT NULL,
          last_timestamp TEXT NOT NULL,
          inbox_count INTEGER NOT NULL,
          inbox_root TEXT NOT NULL,
          messages_root TEXT NOT NULL,
          state_diff_hash TEXT NOT NULL,
          digest TEXT NOT NULL,
          program_id TEXT NOT NULL,
          proof_type TEXT NOT NULL,
          transaction_count INTEGER NOT NULL,
          message_count INTEGER NOT NULL,
          deposit_count INTEGER NOT NULL,
          state_diff_bytes INTEGER NOT NULL,
          sealed_at_ms INTEGER NOT NULL,
          proving_ms INTEGER,
          proof_bytes INTEGER
        ) STRICT;
        CREATE INDEX batches_batches_last_block ON batches_batches (last_block);
        CREATE TABLE batches_state_diffs (
          batch INTEGER PRIMARY KEY REFERENCES batches_batches (number) ON DELETE CASCADE,
          diff BLOB NOT NULL
        ) STRICT;
        CREATE TABLE batches_prover_inputs (
          batch INTEGER PRIMARY KEY REFERENCES batches_batches (number) ON DELETE CASCADE,
          input BLOB NOT NULL
        ) STRICT;
        CREATE TABLE batches_messages (
          batch INTEGER NOT NULL REFERENCES batches_batches (number) ON DELETE CASCADE,
          id INTEGER NOT NULL,
          tx_hash TEXT NOT NULL,
          tx_number INTEGER NOT NULL,
          sender TEXT NOT NULL,
          message BLOB NOT NULL,
          PRIMARY KEY (batch, id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE batches_l1_steps (
          batch INTEGER NOT NULL REFERENCES batches_batches (number) ON DELETE CASCADE,
          step TEXT NOT NULL,
          tx_hash TEXT NOT NULL,
          l1_block INTEGER NOT NULL,
          l1_time INTEGER NOT NULL,
          gas_used INTEGER NOT NULL,
          PRIMARY KEY (batch, step)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE batches_progress (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          last_committed INTEGER NOT NULL,
          last_proven INTEGER NOT NULL,
          last_executed INTEGER NOT NULL
        ) STRICT;
        INSERT INTO batches_progress VALUES (1, 0, 0, 0);
      `,
    },
    {
      id: 2,
      sql: "ALTER TABLE batches_batches ADD COLUMN dev_reasons TEXT NOT NULL DEFAULT '[]'",
    },
    {
      id: 3,
      sql: `
        ALTER TABLE batches_batches ADD COLUMN proof_segments INTEGER;
        CREATE TABLE batches_verifications (
          id INTEGER PRIMARY KEY,
          batch INTEGER NOT NULL REFERENCES batches_batches (number) ON DELETE CASCADE,
          tx_hash TEXT NOT NULL,
          gas_used INTEGER NOT NULL,
          UNIQUE (batch, tx_hash)
        ) STRICT;
      `,
    },
  ],
}
