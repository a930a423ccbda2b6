import type { BlockSettings } from '../../core/index.ts'

export const noBlockSettings: BlockSettings = {
  coinbase: null,
  gasLimit: null,
  nextBaseFeePerGas: null,
  nextPrevRandao: null,
  timestampInterval: null,
}

export interface SettingsStorage {
  read(): string | undefined
  write(text: string): void
}

/** What dev methods set for coming blocks. Outlives the process. */
export class StoredBlockSettings {
  readonly #storage: SettingsStorage
  #current: BlockSettings

  constructor(storage: SettingsStorage) {
    this.#storage = storage
    const text = storage.read()
    this.#current = text === undefined ? noBlockSettings : decode(text)
  }

  get current(): BlockSettings {
    return this.#current
  }

  set(changes: Partial<BlockSettings>): void {
    const next = { ...this.#current, ...changes }
    this.store(next)
    this.#current = next
  }

  /** Whether something holds for the next block only. */
  get isNextSet(): boolean {
    return this.#current.nextBaseFeePerGas !== null || this.#current.nextPrevRandao !== null
  }

  /** A block was sealed: what held for it only is used up. */
  sealed(): void {
    if (!this.isNextSet) return
    this.set({ nextBaseFeePerGas: null, nextPrevRandao: null })
  }

  /** On disk; `restore` follows in memory. */
  store(settings: BlockSettings): void {
    this.#storage.write(encode(settings))
  }

  restore(settings: BlockSettings): void {
    this.#current = settings
  }
}

function encode({ gasLimit, nextBaseFeePerGas, timestampInterval, ...texts }: BlockSettings): string {
  const number = (value: bigint | null): string | null => (value === null ? null : value.toString())
  return JSON.stringify({
    ...texts,
    gasLimit: number(gasLimit),
    nextBaseFeePerGas: number(nextBaseFeePerGas),
    timestampInterval: number(timestampInterval),
  })
}

function decode(text: string): BlockSettings {
  const { gasLimit, nextBaseFeePerGas, timestampInterval, coinbase, nextPrevRandao } = JSON.parse(text)
  const number = (value: string | null): bigint | null => (value === null ? null : BigInt(value))
  return {
    ...{ coinbase, nextPrevRandao, gasLimit: number(gasLimit) },
    ...{ nextBaseFeePerGas: number(nextBaseFeePerGas), timestampInterval: number(timestampInterval) },
  }
}
