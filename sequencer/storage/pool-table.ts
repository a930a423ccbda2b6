import type { DevnetDatabase } from '../../database/index.ts'
import { plainBytes } from './plain-bytes.ts'

export interface PoolRow {
  readonly arrival: number
  readonly raw: Uint8Array
}

/** The accepted, unsealed transactions on disk. */
export class PoolTable {
  readonly #sqlite: DevnetDatabase['sqlite']
  readonly #insert
  readonly #delete

  constructor({ sqlite }: DevnetDatabase) {
    this.#sqlite = sqlite
    this.#insert = sqlite.prepare<[number, Uint8Array]>('INSERT INTO chain_pool VALUES (?, ?)')
    this.#delete = sqlite.prepare<[number]>('DELETE FROM chain_pool WHERE arrival = ?')
  }

  insert({ arrival, raw }: PoolRow): void {
    this.#insert.run(arrival, raw)
  }

  delete(arrival: number): void {
    this.#delete.run(arrival)
  }

  all(): PoolRow[] {
    return this.#sqlite
      .prepare<[], PoolRow>('SELECT arrival, raw FROM chain_pool ORDER BY arrival')
      .all()
      .map(({ arrival, raw }) => ({ arrival, raw: plainBytes(raw) }))
  }

  replaceAll(rows: readonly PoolRow[]): void {
    this.#sqlite.exec('DELETE FROM chain_pool')
    for (const row of rows) this.insert(row)
  }
}
