import type { MigrationSet } from '../../database/index.ts'

export const inboxMigrations: MigrationSet = {
  owner: 'inbox',
  migrations: [
    {
      id: 1,
      // `root` and `frontier` are those of the tree that ends with the item; `frontier` is the concatenation of its hashes.
      sql: `
        CREATE TABLE inbox_items (
          item_index INTEGER PRIMARY KEY,
          kind INTEGER NOT NULL,
          sender TEXT NOT NULL,
          payload BLOB NOT NULL,
          l1_time INTEGER NOT NULL,
          root TEXT NOT NULL,
          frontier BLOB NOT NULL,
          l1_block INTEGER NOT NULL,
          l1_tx TEXT NOT NULL
        ) STRICT;
        CREATE TABLE inbox_cursor (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          block INTEGER NOT NULL,
          hash TEXT NOT NULL
        ) STRICT;
      `,
    },
  ],
}
