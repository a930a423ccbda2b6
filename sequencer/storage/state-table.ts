import type { DevnetDatabase } from '../../database/index.ts'
import type { CodeReader, NodeReader, StateCommit } from '../../stf/index.ts'

/** Trie nodes and codes of all kept states. Each row remembers the block that first brought it, so that a rewind can drop it. */
export class StateTable implements NodeReader, CodeReader {
  readonly #sqlite: DevnetDatabase['sqlite']
  readonly #node
  readonly #code
  readonly #insertNode
  readonly #insertCode

  constructor({ sqlite }: DevnetDatabase) {
    this.#sqlite = sqlite
    this.#node = sqlite.prepare<[Uint8Array], Uint8Array>('SELECT rlp FROM chain_nodes WHERE hash = ?').pluck()
    this.#code = sqlite.prepare<[Uint8Array], Uint8Array>('SELECT code FROM chain_codes WHERE hash = ?').pluck()
    this.#insertNode = sqlite.prepare<[Uint8Array, number, Uint8Array]>('INSERT OR IGNORE INTO chain_nodes VALUES (?, ?, ?)')
    this.#insertCode = sqlite.prepare<[Uint8Array, number, Uint8Array]>('INSERT OR IGNORE INTO chain_codes VALUES (?, ?, ?)')
  }

  node(hash: Uint8Array): Uint8Array | undefined {
    return this.#node.get(hash)
  }

  code(hash: Uint8Array): Uint8Array | undefined {
    return this.#code.get(hash)
  }

  insert({ newNodes, newCodes }: Pick<StateCommit, 'newNodes' | 'newCodes'>, block: bigint): void {
    for (const { hash, rlp } of newNodes) this.#insertNode.run(hash, Number(block), rlp)
    for (const { hash, code } of newCodes) this.#insertCode.run(hash, Number(block), code)
  }

  deleteAbove(block: bigint): void {
    for (const table of ['chain_nodes', 'chain_codes']) this.#sqlite.prepare(`DELETE FROM ${table} WHERE block > ?`).run(Number(block))
  }
}
