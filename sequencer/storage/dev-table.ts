import { bytesToHex, type DevReason, type DevReasonKind, type Hex, hexToBytes } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { plainBytes } from './plain-bytes.ts'
import type { ReasonInsert } from './table-writer.ts'

/** What dev methods changed between a block and its parent. */
export interface PreState {
  /** Of the state that the block starts from. */
  readonly root: Hex
  /** stf's encoding of the net change of the parent's state. */
  readonly changes: Uint8Array
  /** Upper bound of the bytes that the change adds to a state diff. */
  readonly diffBytes: number
  /** What was changed, for people. */
  readonly details: readonly string[]
}

interface PreStateRow {
  root: Uint8Array
  changes: Uint8Array
  diff_bytes: number
  details: string
}

export function reasonInserts(reasons: readonly DevReason[]): ReasonInsert[] {
  return reasons.map(({ blockNumber, kind, detail }, position) => [Number(blockNumber), position, kind, detail])
}

/** What makes blocks unacceptable to the guest. Rows for the block after the head are those of the block to come. */
export class DevTable {
  readonly #sqlite: DevnetDatabase['sqlite']
  readonly #preState
  readonly #preStateRoot
  readonly #setPreState
  readonly #reasons

  constructor({ sqlite }: DevnetDatabase) {
    this.#sqlite = sqlite
    this.#preState = sqlite.prepare<[number], PreStateRow>('SELECT root, changes, diff_bytes, details FROM chain_prestates WHERE block = ?')
    this.#preStateRoot = sqlite.prepare<[number], Uint8Array>('SELECT root FROM chain_prestates WHERE block = ?').pluck()
    this.#setPreState = sqlite.prepare<[number, Uint8Array, Uint8Array, number, string]>(
      'INSERT OR REPLACE INTO chain_prestates (block, root, changes, diff_bytes, details) VALUES (?, ?, ?, ?, ?)',
    )
    this.#reasons = sqlite.prepare<[number], { kind: DevReasonKind; detail: string }>(
      'SELECT kind, detail FROM chain_dev_reasons WHERE block = ? ORDER BY position',
    )
  }

  preState(block: bigint): PreState | undefined {
    const row = this.#preState.get(Number(block))
    if (row === undefined) return undefined
    const details: string[] = JSON.parse(row.details)
    return { root: bytesToHex(row.root), changes: plainBytes(row.changes), diffBytes: row.diff_bytes, details }
  }

  /** Whether dev methods ever changed a state. */
  hasPreStates(): boolean {
    return this.#sqlite.prepare('SELECT 1 FROM chain_prestates LIMIT 1').get() !== undefined
  }

  preStateRoot(block: bigint): Hex | undefined {
    const root = this.#preStateRoot.get(Number(block))
    return root && bytesToHex(root)
  }

  setPreState(block: bigint, { root, changes, diffBytes, details }: PreState): void {
    this.#setPreState.run(Number(block), hexToBytes(root), changes, diffBytes, JSON.stringify(details))
  }

  reasons(block: bigint): readonly DevReason[] {
    return this.#reasons.all(Number(block)).map(({ kind, detail }) => ({ kind, detail, blockNumber: block }))
  }

  deleteAbove(block: bigint): void {
    this.#sqlite.prepare('DELETE FROM chain_prestates WHERE block > ?').run(Number(block))
    this.#sqlite.prepare('DELETE FROM chain_dev_reasons WHERE block > ?').run(Number(block))
  }
}
