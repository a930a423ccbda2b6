import type { MigrationSet } from '../../database/index.ts'

// Row ids carry the place in the chain (place.ts), so ranges of blocks are ranges of ids and every index ends in the place.
export const chainMigrations: MigrationSet = {
  owner: 'chain',
  migrations: [
    {
      id: 1,
      sql: `
        CREATE TABLE chain_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE chain_blocks (
          number INTEGER PRIMARY KEY,
          hash BLOB NOT NULL UNIQUE,
          skeleton BLOB NOT NULL,
          size INTEGER NOT NULL,
          changes BLOB NOT NULL,
          touched BLOB NOT NULL,
          diff_bytes INTEGER NOT NULL,
          inbox_count INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE chain_transactions (
          place INTEGER PRIMARY KEY,
          hash BLOB NOT NULL UNIQUE,
          sender BLOB NOT NULL,
          raw BLOB NOT NULL,
          receipt BLOB NOT NULL
        ) STRICT;

        CREATE TABLE chain_logs (
          place INTEGER PRIMARY KEY,
          transaction_index INTEGER NOT NULL,
          address BLOB NOT NULL,
          topic0 BLOB,
          topic1 BLOB,
          topic2 BLOB,
          topic3 BLOB,
          data BLOB NOT NULL
        ) STRICT;
        CREATE INDEX chain_logs_address ON chain_logs (address);
        CREATE INDEX chain_logs_topic0 ON chain_logs (topic0) WHERE topic0 IS NOT NULL;
        CREATE INDEX chain_logs_topic1 ON chain_logs (topic1) WHERE topic1 IS NOT NULL;
        CREATE INDEX chain_logs_topic2 ON chain_logs (topic2) WHERE topic2 IS NOT NULL;
        CREATE INDEX chain_logs_topic3 ON chain_logs (topic3) WHERE topic3 IS NOT NULL;

        CREATE TABLE chain_nodes (id INTEGER PRIMARY KEY, rlp BLOB NOT NULL) STRICT;
        CREATE TABLE chain_node_index (key INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (key, id)) STRICT, WITHOUT ROWID;

        CREATE TABLE chain_codes (hash BLOB PRIMARY KEY, block INTEGER NOT NULL, code BLOB NOT NULL) STRICT;
        CREATE INDEX chain_codes_block ON chain_codes (block);

        CREATE TABLE chain_pool (arrival INTEGER PRIMARY KEY, raw BLOB NOT NULL) STRICT;
      `,
    },
    {
      id: 2,
      // A row of `chain_prestates` belongs to the block that starts from it, sealed or still to come.
      sql: `
        CREATE TABLE chain_prestates (
          block INTEGER PRIMARY KEY,
          root BLOB NOT NULL,
          changes BLOB NOT NULL,
          diff_bytes INTEGER NOT NULL,
          details TEXT NOT NULL
        ) STRICT;
        CREATE TABLE chain_dev_reasons (
          block INTEGER NOT NULL,
          position INTEGER NOT NULL,
          kind TEXT NOT NULL,
          detail TEXT NOT NULL,
          PRIMARY KEY (block, position)
        ) STRICT, WITHOUT ROWID;
      `,
    },
    {
      id: 3,
      sql: 'ALTER TABLE chain_blocks ADD COLUMN input_bytes INTEGER NOT NULL DEFAULT 0',
    },
    {
      id: 4,
      // The newest blocks, each with all its rows in one: before they lay in a file of their own (block-journal.ts).
      sql: 'CREATE TABLE chain_journal (number INTEGER PRIMARY KEY, rows BLOB NOT NULL) STRICT',
    },
  ],
}
