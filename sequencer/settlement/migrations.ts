import type { MigrationSet } from '../../database/index.ts'

export const settlementMigrations: MigrationSet = {
  owner: 'settlement',
  migrations: [
    {
      id: 1,
      sql: `
        CREATE TABLE settlement_pending_transactions (
          id INTEGER PRIMARY KEY,
          hash TEXT NOT NULL UNIQUE,
          nonce INTEGER NOT NULL,
          action TEXT NOT NULL,
          raw BLOB NOT NULL
        ) STRICT;
      `,
    },
  ],
}
