import { bytesToHex, type Hex, type SealedBlock } from '../../core/index.ts'
import type { BlockWrite } from './block-rows.ts'

interface JournaledBlock {
  readonly write: BlockWrite
  /** Where its frame in the journal begins. */
  readonly from: number
}

/** The journal's blocks as they were sealed. */
export class JournaledBlocks {
  readonly #blocks = new Map<number, JournaledBlock>()
  readonly #numberOfHash = new Map<Hex, number>()
  readonly #placeOfTransaction = new Map<Hex, { readonly block: bigint; readonly index: number }>()
  readonly #codes = new Map<Hex, Uint8Array>()
  #newest = -1

  get size(): number {
    return this.#blocks.size
  }

  /** Number of the newest block. */
  get newest(): number {
    return this.#newest
  }

  add({ write, from }: JournaledBlock): void {
    const { header, hash, transactions } = write.block
    const number = Number(header.number)
    this.#newest = number
    // Nodes are found by the table, which has the newest in memory.
    this.#blocks.set(number, { write: { ...write, state: { newNodes: [], newCodes: write.state.newCodes } }, from })
    this.#numberOfHash.set(hash, number)
    for (const { hash, index } of transactions) this.#placeOfTransaction.set(hash, { block: header.number, index })
    for (const { hash, code } of write.state.newCodes) this.#codes.set(bytesToHex(hash), code)
  }

  get oldest(): { readonly number: number; readonly from: number } | undefined {
    const [oldest] = this.#blocks
    return oldest && { number: oldest[0], from: oldest[1].from }
  }

  forget(upTo: number): void {
    for (const [number, { write }] of this.#blocks) {
      if (number > upTo) return
      this.#blocks.delete(number)
      this.#numberOfHash.delete(write.block.hash)
      for (const { hash } of write.block.transactions) this.#placeOfTransaction.delete(hash)
      for (const { hash } of write.state.newCodes) this.#codes.delete(bytesToHex(hash))
    }
  }

  /** The journal begins anew: every frame lies so much nearer to its beginning. */
  moveForward(bytes: number): void {
    for (const [number, { write, from }] of this.#blocks) this.#blocks.set(number, { write, from: from - bytes })
  }

  get(number: bigint): BlockWrite | undefined {
    return this.#blocks.get(Number(number))?.write
  }

  blockByHash(hash: Hex): SealedBlock | undefined {
    const number = this.#numberOfHash.get(hash)
    return number === undefined ? undefined : this.#blocks.get(number)?.write.block
  }

  placeOfTransaction(hash: Hex): { readonly block: bigint; readonly index: number } | undefined {
    return this.#placeOfTransaction.get(hash)
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    return this.#codes.size === 0 ? undefined : this.#codes.get(bytesToHex(hash))
  }
}
