import { Account, createAddressFromString } from '@ethereumjs/util'
import { type AccountDiff, bigintToBytes, bytesToBigint, bytesToHex, DevnetError, type Hex, type StateDiff } from '../core/index.ts'
import { emptyCodeHash, emptyCodeHashHex } from './state/account-rlp.ts'
import type { AccountChange, AccountFields, SlotChange, StateChanges } from './state/changes.ts'
import { MissingCodeError } from './state/errors.ts'
import type { StateCommit, WorldState } from './state/world-state.ts'

interface Merged {
  readonly before: AccountFields | null
  after: AccountFields | null
  readonly slots: Map<bigint, { readonly before: bigint; after: bigint }>
}

const sameFields = (a: AccountFields | null, b: AccountFields | null): boolean =>
  a === null || b === null ? a === b : a.nonce === b.nonce && a.balance === b.balance && a.codeHash === b.codeHash

function toChange([address, { before, after, slots }]: [Hex, Merged]): AccountChange {
  const net: SlotChange[] = []
  for (const [key, slot] of slots) {
    // An account that is gone takes its slots with it.
    if (after !== null && slot.before !== slot.after) net.push({ key, ...slot })
  }
  return { address, before, after, slots: net.sort((a, b) => (a.key < b.key ? -1 : 1)) }
}

/** The net change of consecutive blocks, without what was undone in between. */
export function mergeChanges(blocks: readonly StateChanges[]): StateChanges {
  const accounts = new Map<Hex, Merged>()
  for (const changes of blocks) {
    for (const { address, before, after, slots } of changes) {
      const merged = accounts.get(address) ?? { before, after, slots: new Map() }
      accounts.set(address, merged)
      merged.after = after
      if (after === null) for (const slot of merged.slots.values()) slot.after = 0n
      for (const slot of slots) {
        const known = merged.slots.get(slot.key)
        if (known === undefined) merged.slots.set(slot.key, { before: slot.before, after: slot.after })
        else known.after = slot.after
      }
    }
  }
  return [...accounts]
    .map(toChange)
    .filter(({ before, after, slots }) => slots.length > 0 || !sameFields(before, after))
    .sort((a, b) => (a.address < b.address ? -1 : 1))
}

const nothing: AccountFields = { nonce: 0n, balance: 0n, codeHash: emptyCodeHashHex }

/**
 * A net change in the form that is posted to L1 (docs/formats.md §2).
 * @param code the bytes of a code that the change introduces
 * @throws MissingCodeError
 */
export function changesToDiff(changes: StateChanges, code: (hash: Hex) => Uint8Array | undefined): AccountDiff[] {
  return changes.map(({ address, before, after, slots }): AccountDiff => {
    if (after === null) return { address, absent: true }
    const old = before ?? nothing
    return {
      address,
      ...(after.nonce !== old.nonce && { nonce: after.nonce }),
      ...(after.balance !== old.balance && { balance: after.balance }),
      ...(after.codeHash !== old.codeHash && { code: codeOf(after.codeHash, address, code) }),
      ...(slots.length > 0 && { slots: slots.map(({ key, after: value }) => ({ key, value })) }),
    }
  })
}

function codeOf(hash: Hex, address: Hex, code: (hash: Hex) => Uint8Array | undefined): Uint8Array {
  if (hash === emptyCodeHashHex) return new Uint8Array(0)
  const bytes = code(hash)
  if (bytes === undefined) throw new MissingCodeError({ hash, address })
  return bytes
}

/** A diff that does not fit the state that it is applied to. */
class StateDiffMismatchError extends DevnetError {
  override name = 'StateDiffMismatchError'
  readonly address: Hex
  constructor({ address, reason }: { address: Hex; reason: string }) {
    super(`The state diff does not fit the state at ${address}: ${reason}.`, { code: 'STATE_DIFF_MISMATCH' })
    this.address = address
  }
}

/**
 * Applies a batch's diff to the state before the batch and commits. Strict, so that one change has one diff:
 * refuses values that are already there and removals of what is not.
 * @throws StateDiffMismatchError
 */
export async function applyStateDiff(state: WorldState, { accounts }: Pick<StateDiff, 'accounts'>): Promise<StateCommit> {
  try {
    for (const account of accounts) await applyAccount(state, account)
    return state.commitBlock()
  } catch (error) {
    state.discard()
    throw error
  }
}

async function applyAccount(state: WorldState, diff: AccountDiff): Promise<void> {
  const { address } = diff
  const target = createAddressFromString(address)
  const before = await state.getAccount(target)
  const refuse = (reason: string): never => {
    throw new StateDiffMismatchError({ address, reason })
  }
  if (diff.absent) {
    if (before === undefined) return refuse('it is to be removed and does not exist')
    return state.deleteAccount(target)
  }
  const { nonce, balance, code, slots = [] } = diff
  const account = before ?? new Account()
  if (nonce === account.nonce) return refuse(`its nonce already is ${nonce}`)
  if (balance === account.balance) return refuse(`its balance already is ${balance}`)
  const codeHashBefore = bytesToHex(account.codeHash)
  if (nonce !== undefined || balance !== undefined) {
    await state.modifyAccountFields(target, { nonce: nonce ?? account.nonce, balance: balance ?? account.balance })
  }
  if (code !== undefined) {
    await state.putCode(target, code)
    const hash = bytesToHex((await state.getAccount(target))?.codeHash ?? emptyCodeHash)
    if (hash === codeHashBefore) return refuse('its code already is that')
  }
  for (const { key, value } of slots) {
    const slot = bigintToBytes(key, 32)
    if (bytesToBigint(await state.getStorage(target, slot)) === value) return refuse(`slot ${key} already is ${value}`)
    await state.putStorage(target, slot, bigintToBytes(value, 32))
  }
  const after = await state.getAccount(target)
  if (after === undefined || after.isEmpty()) return refuse('it would be empty and is not marked absent')
}
