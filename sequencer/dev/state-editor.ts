import { type AccountEdit, rules, StateEditTooLargeError } from '../../core/index.ts'
import { applyAccountEdits, decodeChanges, encodeChanges, mergeChanges, type StateCommit, WorldState } from '../../stf/index.ts'
import type { PersistentPool } from '../mempool/persistent-pool.ts'
import type { PreState } from '../storage/dev-table.ts'
import type { SqliteChainStore } from '../storage/sqlite-chain-store.ts'

export interface StateEditorDeps {
  readonly store: SqliteChainStore
  readonly pool: PersistentPool
  readonly sealer: { stateReplaced(): void; sealLocked(): Promise<void> }
}

// What is told of a block stays readable and small, however much was changed before it.
const maxDetails = 32

/** Changes the newest state. The caller holds the writers' lock. */
export class StateEditor {
  readonly #deps: StateEditorDeps

  constructor(deps: StateEditorDeps) {
    this.#deps = deps
  }

  /**
   * Edits that together take more state diff than a block may are spread over several, sealed in between.
   * @throws StateEditTooLargeError
   */
  async apply(edits: readonly AccountEdit[]): Promise<void> {
    for (const edit of edits) {
      if (await this.#applyOne(edit)) continue
      await this.#deps.sealer.sealLocked()
      if (await this.#applyOne(edit)) continue
      // Nothing was changed since that block, so it is the edit alone.
      throw new StateEditTooLargeError({ address: edit.address, bytes: editBytes(edit), limit: rules.maxStateDiffBytes })
    }
  }

  /** False where it does not fit beside what was changed before. */
  async #applyOne(edit: AccountEdit): Promise<boolean> {
    const { store } = this.#deps
    const { number } = store.head().header
    const before = store.preState()
    const state = WorldState.at(store.rootAfter(number), store.states)
    await applyAccountEdits(state, [edit])
    const diffBytes = (before?.diffBytes ?? 0) + state.diffBytes
    if (diffBytes > rules.maxStateDiffBytes) return false
    const commit = state.commitBlock()
    if (commit.changes.length === 0) return true
    const changes = mergeChanges([...(before === undefined ? [] : [decodeChanges(before.changes)]), commit.changes])
    const details = [...(before?.details ?? []), describe(edit)].slice(0, maxDetails)
    this.#store({ root: commit.stateRoot, changes: encodeChanges(changes), diffBytes, details }, commit)
    return true
  }

  #store(preState: PreState, { newNodes, newCodes, changes }: StateCommit): void {
    const { store, pool, sealer } = this.#deps
    const stale = pool.staleAfter(changes)
    store.edit(preState, { newNodes, newCodes }, () => pool.deleteRows(stale))
    pool.follow(changes, stale)
    sealer.stateReplaced()
  }
}

function describe({ address, nonce, balance, code, slots = [] }: AccountEdit): string {
  const parts = [
    ...(balance === undefined ? [] : ['balance']),
    ...(nonce === undefined ? [] : ['nonce']),
    ...(code === undefined ? [] : ['code']),
    ...(slots.length === 0 ? [] : ['storage']),
  ]
  return `${parts.join(', ')} of ${address} set`
}

function editBytes({ code, slots = [] }: AccountEdit): number {
  return (code?.length ?? 0) + slots.length * 67
}
