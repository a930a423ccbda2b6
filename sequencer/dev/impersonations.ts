import type { Hex } from '../../core/index.ts'
import type { SettingsStorage } from '../blocks/block-settings.ts'

/** The accounts that may send without a signature. Outlives the process; a snapshot leaves it as it is, as in Hardhat. */
export class Impersonations {
  readonly #storage: SettingsStorage
  #named: ReadonlySet<Hex> = new Set()
  #isAutomatic = false

  constructor(storage: SettingsStorage) {
    this.#storage = storage
    const text = storage.read()
    if (text === undefined) return
    const { named, isAutomatic }: { named: Hex[]; isAutomatic: boolean } = JSON.parse(text)
    this.#named = new Set(named)
    this.#isAutomatic = isAutomatic
  }

  has(address: Hex): boolean {
    return this.#isAutomatic || this.#named.has(address)
  }

  add(address: Hex): void {
    this.#set(new Set([...this.#named, address]), this.#isAutomatic)
  }

  /** False where it was not there by name. */
  remove(address: Hex): boolean {
    if (!this.#named.has(address)) return false
    this.#set(new Set([...this.#named].filter((named) => named !== address)), this.#isAutomatic)
    return true
  }

  setAutomatic(isAutomatic: boolean): void {
    this.#set(this.#named, isAutomatic)
  }

  clear(): void {
    this.#set(new Set(), false)
  }

  #set(named: ReadonlySet<Hex>, isAutomatic: boolean): void {
    this.#storage.write(JSON.stringify({ named: [...named], isAutomatic }))
    this.#named = named
    this.#isAutomatic = isAutomatic
  }
}
