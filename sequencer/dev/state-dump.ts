import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AccountDump, Hex } from '../../core/index.ts'
import { decodeChanges, type StateChanges } from '../../stf/index.ts'
import type { SqliteChainStore } from '../storage/sqlite-chain-store.ts'

/** The addresses and slots that changes name: the tries hold only hashes of them. */
class KnownKeys {
  readonly #slots = new Map<Hex, Set<bigint>>()

  add(changes: StateChanges): void {
    for (const { address, slots } of changes) {
      const known = this.#slots.get(address) ?? new Set()
      this.#slots.set(address, known)
      for (const { key } of slots) known.add(key)
    }
  }

  /** Ascending. */
  *entries(): IterableIterator<readonly [Hex, readonly bigint[]]> {
    for (const address of [...this.#slots.keys()].sort()) {
      yield [address, [...(this.#slots.get(address) ?? [])].sort((a, b) => (a < b ? -1 : 1))]
    }
  }
}

const blocksPerTurn = 256

/** All accounts of the newest state. Goes through the whole history, so the caller keeps writers out meanwhile. */
export async function dumpState(store: SqliteChainStore): Promise<readonly AccountDump[]> {
  const keys = new KnownKeys()
  const head = store.head().header.number
  for (let number = store.historyStart(); number <= head; number++) {
    const changes = store.changes(number)
    if (changes !== undefined) keys.add(decodeChanges(changes))
    if (number % BigInt(blocksPerTurn) === 0n) await nextTurn()
  }
  const preState = store.preState()
  if (preState !== undefined) keys.add(decodeChanges(preState.changes))
  const state = store.stateAt(head)
  const accounts: AccountDump[] = []
  for (const [address, slots] of keys.entries()) {
    const { nonce, balance } = state.account(address)
    const code = state.code(address)
    if (nonce === 0n && balance === 0n && code.length === 0) continue
    const values = slots.map((key) => ({ key, value: state.storage(address, key) })).filter(({ value }) => value !== 0n)
    accounts.push({ address, nonce, balance, code, slots: values })
    if (accounts.length % blocksPerTurn === 0) await nextTurn()
  }
  return accounts
}
