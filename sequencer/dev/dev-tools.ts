import {
  type AccountDump,
  type AccountEdit,
  type BlockSettings,
  DevBatchesNotAllowedError,
  type DevControl,
  type Hex,
  rules,
  type StateView,
} from '../../core/index.ts'
import type { StoredBlockSettings } from '../blocks/block-settings.ts'
import { noBlockSettings } from '../blocks/block-settings.ts'
import type { Sealer } from '../blocks/sealer.ts'
import type { WriterLock } from '../blocks/writer-lock.ts'
import type { PersistentPool } from '../mempool/persistent-pool.ts'
import type { SqliteChainStore } from '../storage/sqlite-chain-store.ts'
import type { Impersonations } from './impersonations.ts'
import { dumpState } from './state-dump.ts'
import { StateEditor } from './state-editor.ts'

export interface DevToolsDeps {
  readonly store: SqliteChainStore
  readonly pool: PersistentPool
  readonly sealer: Sealer
  readonly settings: StoredBlockSettings
  readonly impersonations: Impersonations
  readonly writers: WriterLock
  /** Whether L1 takes dev batches. */
  readonly allowsDevBatches: () => boolean
}

/** The dev methods of the chain: all that changes it runs under the writers' lock. */
export class DevTools implements DevControl {
  readonly #deps: DevToolsDeps
  readonly #editor: StateEditor

  constructor(deps: DevToolsDeps) {
    this.#deps = deps
    this.#editor = new StateEditor(deps)
  }

  async edit(change: (state: StateView) => readonly AccountEdit[]): Promise<void> {
    this.#assertAllowed('Changing the state')
    const { store, writers } = this.#deps
    await writers.run(() => this.#editor.apply(change(store.stateAt(store.head().header.number))))
  }

  dump(): Promise<readonly AccountDump[]> {
    return this.#deps.writers.run(() => dumpState(this.#deps.store))
  }

  isImpersonated(address: Hex): boolean {
    return this.#deps.impersonations.has(address)
  }

  async impersonate(address: Hex): Promise<void> {
    this.#assertAllowed('Impersonation')
    await this.#deps.writers.run(() => this.#deps.impersonations.add(address))
  }

  stopImpersonating(address: Hex): Promise<boolean> {
    return this.#deps.writers.run(() => this.#deps.impersonations.remove(address))
  }

  async setAutoImpersonation(enabled: boolean): Promise<void> {
    if (enabled) this.#assertAllowed('Impersonation')
    await this.#deps.writers.run(() => this.#deps.impersonations.setAutomatic(enabled))
  }

  async submitImpersonated(raw: Uint8Array): Promise<Hex> {
    this.#assertAllowed('A transaction without a signature')
    return this.#deps.sealer.submitImpersonated(raw)
  }

  blockSettings(): BlockSettings {
    return this.#deps.settings.current
  }

  async setBlock(changes: Partial<BlockSettings>): Promise<void> {
    if (changes.nextBaseFeePerGas != null) this.#assertAllowed('A base fee of choice')
    if (changes.gasLimit != null && changes.gasLimit !== rules.blockGasLimit) this.#assertAllowed('A gas limit of choice')
    await this.#deps.writers.run(() => this.#deps.settings.set(changes))
  }

  async drop(hash: Hex): Promise<boolean> {
    const { writers, pool } = this.#deps
    return writers.run(() => {
      const entry = pool.mempool.find(hash)
      if (entry === undefined) return false
      pool.remove([entry])
      return true
    })
  }

  async dropAll(sender?: Hex): Promise<void> {
    const { writers, pool } = this.#deps
    await writers.run(() => pool.remove(pool.mempool.all().filter((entry) => sender === undefined || entry.sender === sender)))
  }

  async forget(): Promise<void> {
    const { writers, settings, impersonations } = this.#deps
    await writers.run(() => {
      settings.set(noBlockSettings)
      impersonations.clear()
    })
  }

  #assertAllowed(what: string): void {
    if (!this.#deps.allowsDevBatches()) throw new DevBatchesNotAllowedError(what)
  }
}
