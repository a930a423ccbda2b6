import { Common, Mainnet } from '@ethereumjs/common'
import { Caches, MerkleStateManager } from '@ethereumjs/statemanager'
import { Account, createAddressFromString } from '@ethereumjs/util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bigintToBytes, bytesToBigint, bytesToHex, type Hex, hexToBytes } from '../../core/index.ts'
import { MemoryStore } from '../testing/memory-store.ts'
import { emptyTrieRoot } from '../trie/trie.ts'
import { decodeChanges, decodeTouched, encodeChanges, encodeTouched } from './changes-rlp.ts'
import { StateStore } from './state-store.ts'
import { WorldState } from './world-state.ts'

const addressOf = (i: number) => createAddressFromString(`0x${(i + 1).toString(16).padStart(40, '0')}`)
const slotOf = (i: number) => bigintToBytes(BigInt(i), 32)
const emptyRoot = bytesToHex(emptyTrieRoot)

function emptyState(): { store: MemoryStore; state: WorldState } {
  const store = new MemoryStore()
  return { store, state: WorldState.at(emptyRoot, new StateStore({}, store)) }
}

const hash = (text: string) => `0x${text}` as Hex

describe('WorldState against the reference state manager', () => {
  const account = fc.nat(5)
  const slot = fc.nat(6)
  const operation = fc.oneof(
    fc.record({ kind: fc.constant('balance' as const), account, value: fc.bigInt({ min: 1n, max: 2n ** 200n }) }),
    fc.record({ kind: fc.constant('storage' as const), account, slot, value: fc.constantFrom(0n, 1n, 0x80n, 2n ** 255n) }),
    fc.record({ kind: fc.constant('code' as const), account, code: fc.uint8Array({ minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constant('delete' as const), account }),
    fc.record({ kind: fc.constantFrom('checkpoint' as const, 'commit' as const, 'revert' as const, 'block' as const) }),
  )

  it('gives the same values and roots after any operations, checkpoints and blocks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 60 }), async (operations) => {
        const { store, state } = emptyState()
        const reference = new MerkleStateManager({ common: new Common({ chain: Mainnet, hardfork: 'prague' }), caches: new Caches() })
        // The reference writes to its trie when no checkpoint is open.
        await reference.checkpoint()
        let depth = 0
        // Storage that stood before a block may go with its account, but not alone: nothing on this chain does that.
        const gone = new Set<number>()
        for (const op of operations) {
          if ('account' in op && gone.has(op.account)) continue
          for (const target of [state, reference]) {
            if (op.kind === 'balance')
              await target.putAccount(addressOf(op.account), withBalance(await target.getAccount(addressOf(op.account)), op.value))
            if (op.kind === 'storage' && (await target.getAccount(addressOf(op.account))) !== undefined) {
              await target.putStorage(addressOf(op.account), slotOf(op.slot), trimmed(op.value))
            }
            if (op.kind === 'code') {
              await target.putCode(addressOf(op.account), op.code)
              await target.modifyAccountFields(addressOf(op.account), { nonce: 1n })
            }
            if (op.kind === 'delete') await target.deleteAccount(addressOf(op.account))
            if (op.kind === 'checkpoint') await target.checkpoint()
            if (op.kind === 'commit' && depth > 0) await target.commit()
            if (op.kind === 'revert' && depth > 0) await target.revert()
          }
          if (op.kind === 'delete') gone.add(op.account)
          if (op.kind === 'checkpoint') depth++
          if ((op.kind === 'commit' || op.kind === 'revert') && depth > 0) depth--
          if (op.kind === 'block') {
            while (depth > 0) {
              await Promise.all([state.commit(), reference.commit()])
              depth--
            }
            await expectSameRoot(state, store, reference)
            gone.clear()
          }
          await expectSameValues(state, reference)
        }
        while (depth-- > 0) await Promise.all([state.commit(), reference.commit()])
        await expectSameRoot(state, store, reference)
      }),
      { numRuns: 150 },
    )
  })

  function withBalance(account: Account | undefined, balance: bigint): Account {
    const next = account ?? new Account()
    next.balance = balance
    return next
  }

  const trimmed = (value: bigint) =>
    value === 0n ? new Uint8Array(0) : hexToBytes(hash(value.toString(16).padStart(value > 0xffn ? 64 : 2, '0')))

  async function expectSameRoot(state: WorldState, store: MemoryStore, reference: MerkleStateManager): Promise<void> {
    await reference.commit()
    const commit = state.commitBlock()
    store.add(commit)
    expect(commit.stateRoot).toBe(bytesToHex(await reference.getStateRoot()))
    expect(decodeChanges(encodeChanges(commit.changes))).toEqual(commit.changes)
    expect(decodeTouched(encodeTouched(commit.touched))).toEqual(commit.touched)
    await reference.checkpoint()
  }

  async function expectSameValues(state: WorldState, reference: MerkleStateManager): Promise<void> {
    for (let i = 0; i < 6; i++) {
      const [ours, theirs] = [await state.getAccount(addressOf(i)), await reference.getAccount(addressOf(i))]
      expect([ours?.nonce, ours?.balance, ours?.codeHash]).toEqual([theirs?.nonce, theirs?.balance, theirs?.codeHash])
      if (theirs === undefined) continue
      expect(await state.getCode(addressOf(i))).toEqual(await reference.getCode(addressOf(i)))
      for (let slot = 0; slot < 7; slot++) {
        const key = slotOf(slot)
        expect(await state.getStorage(addressOf(i), key)).toEqual(await reference.getStorage(addressOf(i), key))
      }
    }
  }
})

describe('WorldState', () => {
  it('hands out copies of accounts', async () => {
    const { state } = emptyState()
    await state.putAccount(addressOf(0), new Account(1n, 2n))
    const account = await state.getAccount(addressOf(0))
    if (account === undefined) throw new Error('no account')
    account.balance = 99n
    expect((await state.getAccount(addressOf(0)))?.balance).toBe(2n)
  })

  it('remembers storage as it was at the start of the transaction', async () => {
    const { state, store } = emptyState()
    const [address, key] = [addressOf(0), slotOf(1)]
    const original = async () => bytesToBigint(await state.originalStorageCache.get(address, key))
    await state.putAccount(address, new Account(1n, 1n))
    await state.putStorage(address, key, Uint8Array.of(5))
    store.add(state.commitBlock())
    expect(await original()).toBe(5n)
    await state.checkpoint()
    await state.putStorage(address, key, Uint8Array.of(6))
    await state.putStorage(address, key, Uint8Array.of(7))
    expect(await original()).toBe(5n)
    await state.revert()
    expect(await original()).toBe(5n)
    await state.putStorage(address, key, Uint8Array.of(8))
    state.originalStorageCache.clear()
    expect(await original()).toBe(8n)
  })

  it('reports changes without no-ops, with values before and after, and everything touched', async () => {
    const { state, store } = emptyState()
    for (const i of [0, 1, 2]) await state.putAccount(addressOf(i), new Account(1n, 1n))
    await state.putStorage(addressOf(0), slotOf(1), Uint8Array.of(5))
    await state.putStorage(addressOf(0), slotOf(2), Uint8Array.of(6))
    store.add(state.commitBlock())
    await state.putStorage(addressOf(0), slotOf(2), new Uint8Array(32))
    await state.putStorage(addressOf(0), slotOf(1), Uint8Array.of(9))
    await state.putStorage(addressOf(0), slotOf(1), Uint8Array.of(5))
    await state.getStorage(addressOf(0), slotOf(3))
    await state.putAccount(addressOf(1), new Account(1n, 2n))
    await state.putAccount(addressOf(1), new Account(1n, 1n))
    await state.deleteAccount(addressOf(2))
    await state.getAccount(addressOf(3))
    const { changes, touched } = state.commitBlock()
    const fields = { nonce: 1n, balance: 1n, codeHash: expect.any(String) }
    expect(changes).toEqual([
      { address: addressOf(0).toString(), before: fields, after: fields, slots: [{ key: 2n, before: 6n, after: 0n }] },
      { address: addressOf(2).toString(), before: fields, after: null, slots: [] },
    ])
    expect(touched).toEqual([
      { address: addressOf(0).toString(), codeRead: false, slots: [1n, 2n, 3n] },
      ...[1, 2, 3].map((i) => ({ address: addressOf(i).toString(), codeRead: false, slots: [] })),
    ])
  })

  it('keeps what reverted code looked at, and takes back what it counted', async () => {
    const { state } = emptyState()
    await state.checkpoint()
    await state.putAccount(addressOf(0), new Account(1n, 1n))
    await state.putCode(addressOf(0), Uint8Array.of(1, 2, 3))
    await state.putStorage(addressOf(0), slotOf(1), Uint8Array.of(5))
    expect(state.diffBytes).toBeGreaterThan(0)
    await state.revert()
    expect(state.diffBytes).toBe(0)
    const { changes, touched, newCodes, newNodes } = state.commitBlock()
    expect([changes, newCodes, newNodes]).toEqual([[], [], []])
    expect(touched).toEqual([{ address: addressOf(0).toString(), codeRead: false, slots: [1n] }])
  })

  it('shares a store with other states without seeing their changes', async () => {
    const { state, store } = emptyState()
    await state.putAccount(addressOf(0), new Account(1n, 1n))
    store.add(state.commitBlock())
    const other = state.shallowCopy()
    await state.putAccount(addressOf(0), new Account(1n, 2n))
    store.add(state.commitBlock())
    expect((await other.getAccount(addressOf(0)))?.balance).toBe(1n)
    expect((await state.getAccount(addressOf(0)))?.balance).toBe(2n)
    expect(await state.hasStateRoot(hexToBytes(other.root))).toBe(true)
    expect(await state.hasStateRoot(new Uint8Array(32))).toBe(false)
  })

  it('refuses to commit a block in the middle of an execution, and checkpoints that are not there', async () => {
    const { state } = emptyState()
    await expect(state.commit()).rejects.toMatchObject({ code: 'STATE_USAGE' })
    await expect(state.revert()).rejects.toMatchObject({ code: 'STATE_USAGE' })
    await state.checkpoint()
    expect(() => state.commitBlock()).toThrow(expect.objectContaining({ code: 'STATE_USAGE' }))
  })

  it('does not let an account lose old storage and live on', async () => {
    const { state, store } = emptyState()
    await state.putAccount(addressOf(0), new Account(1n, 1n))
    await state.putStorage(addressOf(0), slotOf(1), Uint8Array.of(5))
    store.add(state.commitBlock())
    await state.clearStorage(addressOf(0))
    expect(await state.getStorage(addressOf(0), slotOf(1))).toEqual(new Uint8Array(0))
    expect(() => state.commitBlock()).toThrow(expect.objectContaining({ code: 'STATE_USAGE' }))
  })

  it('names the code that is missing', async () => {
    const { state, store } = emptyState()
    await state.putAccount(addressOf(0), new Account(1n, 1n))
    await state.putCode(addressOf(0), Uint8Array.of(1))
    store.add({ newNodes: state.commitBlock().newNodes })
    const other = WorldState.at(state.root, new StateStore({}, store))
    await expect(other.getCode(addressOf(0))).rejects.toMatchObject({ code: 'MISSING_CODE' })
  })
})

describe('stored changes', () => {
  it('are refused when they are malformed', () => {
    for (const bytes of ['0x', '0x01', '0xc101', '0xc3c20102', '0xc6c5c0c0c0c0', '0xffff'] as const) {
      expect(() => decodeChanges(hexToBytes(bytes))).toThrow(expect.objectContaining({ code: 'STORED_CHANGES_MALFORMED' }))
      expect(() => decodeTouched(hexToBytes(bytes))).toThrow(expect.objectContaining({ code: 'STORED_CHANGES_MALFORMED' }))
    }
  })
})
