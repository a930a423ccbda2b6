import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AccountDiff, decodeStateDiff, encodeStateDiff, type Hex, hexToBytes } from '../core/index.ts'
import { encodeHeader } from './block/header.ts'
import { applyStateDiff, changesToDiff, mergeChanges } from './diff.ts'
import type { AccountFields, StateChanges } from './state/changes.ts'
import { StateStore } from './state/state-store.ts'
import { WorldState } from './state/world-state.ts'
import { callData, initCode, storeCode } from './testing/contracts.ts'
import { DevChain, signTransaction, type TestAccount, testAccounts } from './testing/dev-chain.ts'
import { MemoryStore } from './testing/memory-store.ts'

const storage: Hex = '0x7070000000000000000000000000000000000001'
const contracts = [{ address: storage, code: hexToBytes(storeCode) }]
const [alice, bob] = testAccounts as [TestAccount, TestAccount]

const netDiff = (chain: DevChain, from: number): AccountDiff[] => {
  const changes = mergeChanges(chain.blocks.slice(from).map(({ commit }) => commit.changes))
  return changesToDiff(changes, (hash) => chain.store.code(hexToBytes(hash)))
}

/** A state at the start of the blocks, in a store of its own. */
function stateBefore(chain: DevChain, from: number): { store: MemoryStore; state: WorldState } {
  const store = new MemoryStore()
  for (const block of [chain.genesis, ...chain.blocks.slice(0, from)]) store.add(block.commit)
  const root = (chain.blocks[from - 1] ?? chain.genesis).commit.stateRoot
  return { store, state: WorldState.at(root, new StateStore({}, store)) }
}

describe('the net change of blocks', () => {
  it('leads from the state before to the state after, through its encoding', async () => {
    const step = fc.record({ from: fc.nat(7), key: fc.nat(5), value: fc.nat(2), kind: fc.nat(3) })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 5 }), { minLength: 1, maxLength: 5 }), fc.nat(3), async (plan, start) => {
        const chain = await DevChain.create(contracts)
        const nonces = new Map<number, bigint>()
        for (const steps of plan) {
          const transactions = steps.flatMap(({ from, key, value, kind }) => {
            const sender = testAccounts[from]
            if (sender === undefined) return []
            const nonce = nonces.get(from) ?? 0n
            nonces.set(from, nonce + 1n)
            if (kind === 0) return signTransaction({ from: sender, nonce, data: initCode(storeCode) })
            return signTransaction({ from: sender, nonce, to: storage, data: callData(BigInt(key), BigInt(value)), value: BigInt(value) })
          })
          await chain.mine(transactions)
        }
        const from = Math.min(start, chain.blocks.length - 1)
        const header = encodeHeader(chain.head)
        const bytes = encodeStateDiff({ header, accounts: netDiff(chain, from) })
        const { state } = stateBefore(chain, from)
        const { stateRoot } = await applyStateDiff(state, decodeStateDiff(bytes))
        expect(stateRoot).toBe(chain.head.stateRoot)
      }),
      { numRuns: 40 },
    )
  })

  it('builds the genesis state from nothing', async () => {
    const { genesis, store } = await DevChain.create(contracts)
    const accounts = changesToDiff(mergeChanges([genesis.commit.changes]), (hash) => store.code(hexToBytes(hash)))
    const state = WorldState.at(genesis.commit.stateRootBefore, new StateStore({}, new MemoryStore()))
    expect((await applyStateDiff(state, { accounts })).stateRoot).toBe(genesis.commit.stateRoot)
  })

  it('leaves out what came back to what it was', async () => {
    const chain = await DevChain.create(contracts)
    const store = (nonce: bigint, value: bigint) => signTransaction({ from: alice, nonce, to: storage, data: callData(7n, value) })
    await chain.mine([store(0n, 5n)])
    await chain.mine([store(1n, 6n)])
    await chain.mine([store(2n, 5n)])
    expect(netDiff(chain, 0).find(({ address }) => address === storage)).toEqual({ address: storage, slots: [{ key: 7n, value: 5n }] })
    expect(netDiff(chain, 1).some(({ address }) => address === storage)).toBe(false)
  })

  it('tells of an account that comes and goes nothing, of one that goes that it is absent', () => {
    const fields: AccountFields = { nonce: 0n, balance: 1n, codeHash: '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470' }
    const change = (before: AccountFields | null, after: AccountFields | null, slots: StateChanges[number]['slots'] = []): StateChanges => [
      { address: storage, before, after, slots },
    ]
    expect(mergeChanges([change(null, fields), change(fields, null)])).toEqual([])
    const slots = [{ key: 1n, before: 0n, after: 1n }]
    expect(mergeChanges([change(null, fields, slots), change(fields, null), change(null, fields)])).toEqual(change(null, fields))
    expect(changesToDiff(mergeChanges([change(fields, null)]), () => undefined)).toEqual([{ address: storage, absent: true }])
  })

  it('needs the bytes of new codes', async () => {
    const chain = await DevChain.create()
    const { commit } = await chain.mine([signTransaction({ from: alice, nonce: 0n, data: initCode(storeCode) })])
    expect(() => changesToDiff(commit.changes, () => undefined)).toThrow(expect.objectContaining({ code: 'MISSING_CODE' }))
  })
})

describe('applyStateDiff', () => {
  const supply = 1000n * 10n ** 18n
  it.each<[string, AccountDiff]>([
    ['a nonce that is already there', { address: storage, nonce: 1n }],
    ['a balance that is already there', { address: alice.address, balance: supply }],
    ['a code that is already there', { address: storage, code: hexToBytes(storeCode) }],
    ['no code where there is none', { address: alice.address, code: new Uint8Array(0) }],
    ['a zero slot that is zero', { address: storage, slots: [{ key: 1n, value: 0n }] }],
    ['the removal of an account that is not there', { address: '0x7070000000000000000000000000000000000009', absent: true }],
    ['an account that would be empty', { address: bob.address, balance: 0n }],
    ['slots of an account that does not exist', { address: '0x7070000000000000000000000000000000000009', slots: [{ key: 1n, value: 1n }] }],
  ])('refuses %s, and the state is as before', async (_, account) => {
    const chain = await DevChain.create(contracts)
    const { state } = stateBefore(chain, 0)
    const good: AccountDiff = { address: '0x0000000000000000000000000000000000000001', balance: 1n }
    await expect(applyStateDiff(state, { accounts: [good, account] })).rejects.toMatchObject({
      code: 'STATE_DIFF_MISMATCH',
      address: account.address,
    })
    expect(state.root).toBe(chain.genesis.commit.stateRoot)
    expect(state.touched()).toEqual([])
  })
})
