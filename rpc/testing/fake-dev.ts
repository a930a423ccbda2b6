import type { AccountDump, BlockSettings, DevControl, Hex } from '../../core/index.ts'
import type { FakeChain } from './fake-chain.ts'

const noSettings: BlockSettings = { coinbase: null, gasLimit: null, nextBaseFeePerGas: null, nextPrevRandao: null, timestampInterval: null }

/** The dev methods over the fake chain: remembers what it is told. */
export class FakeDev implements DevControl {
  readonly #chain: FakeChain
  readonly #impersonated = new Set<Hex>()
  #isAutomatic = false
  #settings = noSettings

  constructor(chain: FakeChain) {
    this.#chain = chain
  }

  async edit(change: Parameters<DevControl['edit']>[0]): Promise<void> {
    const { number } = this.#chain.head().header
    for (const { address, nonce, balance, code, slots = [] } of change(this.#chain.stateAt(number))) {
      this.#chain.editAccount(address, { ...(nonce !== undefined && { nonce }), ...(balance !== undefined && { balance }) })
      if (code !== undefined) this.#chain.code.set(address, code)
      for (const { key, value } of slots) this.#chain.slots.set(`${address}:${key}`, value)
    }
  }

  async dump(): Promise<readonly AccountDump[]> {
    const state = this.#chain.stateAt(this.#chain.head().header.number)
    return this.#chain.addresses().map((address) => ({ address, ...state.account(address), code: state.code(address), slots: [] }))
  }

  isImpersonated(address: Hex): boolean {
    return this.#isAutomatic || this.#impersonated.has(address)
  }

  async impersonate(address: Hex): Promise<void> {
    this.#impersonated.add(address)
  }

  async stopImpersonating(address: Hex): Promise<boolean> {
    return this.#impersonated.delete(address)
  }

  async setAutoImpersonation(enabled: boolean): Promise<void> {
    this.#isAutomatic = enabled
  }

  submitImpersonated(raw: Uint8Array): Promise<Hex> {
    return this.#chain.submitUnsigned(raw)
  }

  blockSettings(): BlockSettings {
    return this.#settings
  }

  async setBlock(changes: Partial<BlockSettings>): Promise<void> {
    this.#settings = { ...this.#settings, ...changes }
  }

  async drop(hash: Hex): Promise<boolean> {
    return this.#chain.dropWhere((pooled) => pooled.hash === hash)
  }

  async dropAll(sender?: Hex): Promise<void> {
    this.#chain.dropWhere((pooled) => sender === undefined || pooled.sender === sender)
  }

  async forget(): Promise<void> {
    this.#settings = noSettings
    this.#impersonated.clear()
    this.#isAutomatic = false
  }
}
