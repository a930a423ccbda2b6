import type { MigrationSet } from '../database/index.ts'

/** Tables of the devnet's own L1: the journal since the last checkpoint, and the archive up to it. */
export const l1Migrations: MigrationSet = {
  owner: 'l1',
  migrations: [
    {
      id: 1,
      sql: `
        CREATE TABLE l1_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE l1_journal (
          seq INTEGER PRIMARY KEY, method TEXT NOT NULL, params BLOB NOT NULL, timestamp INTEGER, cost_us INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE l1_settings (name TEXT PRIMARY KEY, method TEXT NOT NULL, params BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE l1_checkpoints (block INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE l1_blocks (number INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, body BLOB NOT NULL, receipts BLOB NOT NULL) STRICT;
        CREATE TABLE l1_transactions (hash TEXT PRIMARY KEY, block INTEGER NOT NULL, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX l1_transactions_block ON l1_transactions (block);
        CREATE TABLE l1_logs (
          block INTEGER NOT NULL, log_index INTEGER NOT NULL, address TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (block, log_index)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX l1_logs_address ON l1_logs (address, block);
        CREATE TABLE l1_codes (hash TEXT PRIMARY KEY, code BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE l1_accounts (
          address TEXT NOT NULL, block INTEGER NOT NULL, balance TEXT NOT NULL, nonce TEXT NOT NULL, code_hash TEXT,
          PRIMARY KEY (address, block)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE l1_slots (
          address TEXT NOT NULL, slot TEXT NOT NULL, block INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (address, slot, block)
        ) STRICT, WITHOUT ROWID;`,
    },
  ],
}
