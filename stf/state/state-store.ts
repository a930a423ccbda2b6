import { type Hex, hexToBytes, keccak256 } from '../../core/index.ts'
import { readStore } from '../trie/errors.ts'
import { NodeCache, type NodeReader } from '../trie/node-cache.ts'

/** Where contract codes come from. */
export interface CodeReader {
  /** The code with this keccak256 hash. */
  code(hash: Uint8Array): Uint8Array | undefined
}

/** Values by string key, bounded in number; two generations as in NodeCache. */
class BoundedMap<V> {
  readonly #limit: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()

  constructor(limit: number) {
    this.#limit = limit / 2
  }

  get(key: string): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: string, value: V): void {
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}

export interface StateStoreOptions {
  /** Bound of the decoded trie nodes held in memory, estimated. */
  readonly maxNodeBytes?: number
  /** Bound of the codes held in memory; the interpreter's analysis of one takes up to 30 times its size. */
  readonly maxCodes?: number
}

/** The nodes and codes of all states that a reader has, with their caches. Any number of WorldStates share one. */
export class StateStore {
  readonly nodes: NodeCache
  readonly #codeReader: CodeReader
  readonly #codes: BoundedMap<Uint8Array>
  readonly #keyHashes = new BoundedMap<Uint8Array>(65_536)

  constructor({ maxNodeBytes = 64 * 2 ** 20, maxCodes = 128 }: StateStoreOptions, reader: NodeReader & CodeReader) {
    this.nodes = new NodeCache({ maxBytes: maxNodeBytes }, reader)
    this.#codeReader = reader
    this.#codes = new BoundedMap(maxCodes)
  }

  /** @throws StateUnreadableError */
  code(hash: Hex): Uint8Array | undefined {
    const known = this.#codes.get(hash)
    if (known !== undefined) return known
    const code = readStore(() => this.#codeReader.code(hexToBytes(hash)))
    if (code !== undefined) this.#codes.set(hash, code)
    return code
  }

  addCode(hash: Hex, code: Uint8Array): void {
    this.#codes.set(hash, code)
  }

  /** keccak256 of an address or slot key given in hex: the key in the trie. */
  keyHash(hex: Hex): Uint8Array {
    const known = this.#keyHashes.get(hex)
    if (known !== undefined) return known
    const hash = keccak256(hexToBytes(hex))
    this.#keyHashes.set(hex, hash)
    return hash
  }
}
