import type { DevnetDatabase } from '../../database/index.ts'

export type MetaName =
  | 'chainId'
  | 'genesisDigest'
  | 'historyStart'
  | 'timeOffset'
  | 'nodesIndexedBelow'
  | 'journalEpoch'
  | 'blockSettings'
  | 'impersonations'

export class MetaTable {
  readonly #get
  readonly #set

  constructor({ sqlite }: DevnetDatabase) {
    this.#get = sqlite.prepare<[string], string>('SELECT value FROM chain_meta WHERE name = ?').pluck()
    this.#set = sqlite.prepare<[string, string]>('INSERT OR REPLACE INTO chain_meta VALUES (?, ?)')
  }

  get(name: MetaName): string | undefined {
    return this.#get.get(name)
  }

  set(name: MetaName, value: string): void {
    this.#set.run(name, value)
  }
}
