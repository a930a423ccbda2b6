import { bytesToHex, type Hex, hexToBytes } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'

/** A signed L1 transaction that was sent, or was about to be when the process died. */
export interface PendingTransaction {
  readonly hash: Hex
  readonly nonce: number
  /** What it is for, in words. */
  readonly action: string
  readonly raw: Hex
}

interface Row {
  hash: string
  nonce: number
  action: string
  raw: Uint8Array
}

/**
 * The one L1 transaction in flight, with all its fee bumps (same nonce, oldest first). Written before the first byte is sent,
 * removed when its fate is known: after a crash the same bytes go out again.
 */
export class PendingTransactions {
  readonly #database: DevnetDatabase

  constructor(database: DevnetDatabase) {
    this.#database = database
  }

  list(): readonly PendingTransaction[] {
    const rows = this.#database.sqlite
      .prepare<[], Row>('SELECT hash, nonce, action, raw FROM settlement_pending_transactions ORDER BY id')
      .all()
    return rows.map(({ hash, nonce, action, raw }) => ({ hash: hash as Hex, nonce, action, raw: bytesToHex(raw) }))
  }

  add({ hash, nonce, action, raw }: PendingTransaction): void {
    this.#database.sqlite
      .prepare('INSERT INTO settlement_pending_transactions (hash, nonce, action, raw) VALUES (?, ?, ?, ?)')
      .run(hash, nonce, action, hexToBytes(raw))
  }

  clear(): void {
    this.#database.sqlite.exec('DELETE FROM settlement_pending_transactions')
  }
}
