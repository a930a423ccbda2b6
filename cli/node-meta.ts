import type { Hex, L1Contracts } from '../core/index.ts'
import type { DevnetDatabase, MigrationSet } from '../database/index.ts'

export const nodeMigrations: MigrationSet = {
  owner: 'node',
  migrations: [{ id: 1, sql: 'CREATE TABLE node_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID' }],
}

/** Where this devnet's contracts stand on L1. */
export interface StoredDeployment {
  readonly l1ChainId: bigint
  readonly contracts: L1Contracts
  readonly deployBlock: bigint
}

/** What the node as a whole remembers between runs. */
export class NodeMeta {
  readonly #database: DevnetDatabase

  constructor(database: DevnetDatabase) {
    this.#database = database
  }

  /** The value stored under `key`; where there is none, `first` is stored. */
  remember(key: 'genesisTimestamp' | 'deployerNonce', first: () => string): string {
    const stored = this.#get(key)
    if (stored !== undefined) return stored
    const value = first()
    this.#set(key, value)
    return value
  }

  deployment(): StoredDeployment | undefined {
    const stored = this.#get('deployment')
    if (stored === undefined) return undefined
    const { l1ChainId, contracts, deployBlock } = JSON.parse(stored)
    return { l1ChainId: BigInt(l1ChainId), contracts: readContracts(contracts), deployBlock: BigInt(deployBlock) }
  }

  storeDeployment({ l1ChainId, contracts, deployBlock }: StoredDeployment): void {
    this.#set('deployment', JSON.stringify({ l1ChainId: String(l1ChainId), contracts, deployBlock: String(deployBlock) }))
  }

  #get(key: string): string | undefined {
    return this.#database.sqlite.prepare<[string], { value: string }>('SELECT value FROM node_meta WHERE key = ?').get(key)?.value
  }

  #set(key: string, value: string): void {
    this.#database.sqlite.prepare('INSERT OR REPLACE INTO node_meta (key, value) VALUES (?, ?)').run(key, value)
  }
}

function readContracts({ rollup, inbox, bridge, verifier }: Record<keyof L1Contracts, Hex>): L1Contracts {
  return { rollup, inbox, bridge, verifier }
}
