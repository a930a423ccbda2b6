import { createAddressFromString } from '@ethereumjs/util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes, keccak256 } from '../core/index.ts'
import { executeBlock } from './execution/execute-block.ts'
import type { ExecutedBlock } from './execution/types.ts'
import { encodeRlp } from './rlp.ts'
import { decodeChanges, decodeTouched, encodeChanges, encodeTouched } from './state/changes-rlp.ts'
import { StateStore } from './state/state-store.ts'
import { WorldState } from './state/world-state.ts'
import { blockHashCode, callData, countCode, destructCode, initCode, storeCode, tokenCode } from './testing/contracts.ts'
import { DevChain, signAuthorization, signTransaction, testAccounts, testCommon } from './testing/dev-chain.ts'
import { MemoryStore } from './testing/memory-store.ts'
import { NodeCache } from './trie/node-cache.ts'
import { emptyTrieRoot, Trie } from './trie/trie.ts'
import { collectWitness, type Witness, WitnessStore } from './witness.ts'

const at = (last: string): Hex => `0x70700000000000000000000000000000000000${last}`
const storage = at('01')
const token = at('02')
const counter = at('03')
const hashes = at('04')
const destructor = at('05')
const twin = at('06')
const contracts = [
  { address: twin, code: hexToBytes(storeCode) },
  { address: storage, code: hexToBytes(storeCode) },
  { address: token, code: hexToBytes(tokenCode) },
  { address: counter, code: hexToBytes(countCode) },
  { address: hashes, code: hexToBytes(blockHashCode) },
  { address: destructor, code: hexToBytes(destructCode) },
]

/** Never more than the blocks were said to take. */
function collect(chain: DevChain, blocks: readonly ExecutedBlock[]): Witness {
  const witness = collectWitness({
    stateRootBefore: blocks[0]?.commit.stateRootBefore ?? '0x',
    // Through the encoding that a node stores.
    blocks: blocks.map(({ commit }) => ({
      touched: decodeTouched(encodeTouched(commit.touched)),
      changes: decodeChanges(encodeChanges(commit.changes)),
    })),
    store: chain.store,
  })
  const bytes = encodeRlp([[...witness.nodes], [...witness.codes]]).length
  expect(bytes).toBeLessThanOrEqual(blocks.reduce((sum, { commit }) => sum + commit.witnessBytes, 0))
  return witness
}

async function executeStatelessly(chain: DevChain, blocks: readonly ExecutedBlock[], witness: Witness): Promise<void> {
  const store = new WitnessStore(witness)
  // No cache to speak of: everything has to come from the witness or from the blocks themselves.
  const state = WorldState.at(blocks[0]?.commit.stateRootBefore ?? '0x', new StateStore({ maxNodeBytes: 0, maxCodes: 0 }, store))
  const first = Number(blocks[0]?.block.header.number ?? 1n)
  let parentHeader = (chain.blocks[first - 2] ?? chain.genesis).block.header
  for (const { rlp, block } of blocks) {
    const executed = await executeBlock({ common: testCommon, state, parentHeader, blockRlp: rlp })
    expect(executed.block.hash).toBe(block.hash)
    store.add(executed.commit)
    parentHeader = block.header
  }
}

type Step = { readonly from: number; readonly kind: number; readonly a: number; readonly b: number }
const step: fc.Arbitrary<Step> = fc.record({ from: fc.nat(7), kind: fc.nat(9), a: fc.nat(40), b: fc.nat(3) })

/** Some transaction; `b` decides about deletions and reverts. */
function fieldsOf({ kind, a, b }: Step): { to?: Hex; data?: Hex; value?: bigint } {
  const other = testAccounts[a % 8]?.address ?? token
  if (kind === 0) return { to: other, value: BigInt(b) }
  if (kind === 1) return { to: at((a + 16).toString(16)), value: BigInt(b) }
  if (kind === 2) return { to: token, data: callData(other, BigInt(b)) }
  if (kind === 3) return { to: counter, data: callData(BigInt(a), BigInt(b >> 1)) }
  if (kind === 4) return { to: hashes, data: callData(BigInt(b)) }
  if (kind === 5) return { data: initCode(a % 2 === 0 ? storeCode : tokenCode), value: BigInt(b) }
  if (kind === 6) return { to: destructor, data: callData(other), value: BigInt(b) }
  if (kind === 7) return { data: '0x600160015533ff', value: BigInt(b) }
  // Slots are set and cleared again and again, so branches grow and collapse.
  return { to: storage, data: callData(BigInt(a), b < 2 ? 0n : BigInt(b)) }
}

async function mineRandomly(chain: DevChain, blocks: readonly (readonly Step[])[]): Promise<void> {
  const nonces = new Map<number, bigint>()
  for (const steps of blocks) {
    const transactions = steps.flatMap((step) => {
      const from = testAccounts[step.from]
      if (from === undefined) return []
      const nonce = nonces.get(step.from) ?? 0n
      nonces.set(step.from, nonce + 1n)
      return signTransaction({ from, nonce, ...fieldsOf(step) })
    })
    await chain.mine(transactions)
  }
}

describe('collectWitness', () => {
  it('is enough to execute any blocks statelessly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 8 }), { minLength: 2, maxLength: 6 }), fc.nat(4), async (plan, start) => {
        const chain = await DevChain.create(contracts)
        await mineRandomly(chain, plan)
        const blocks = chain.blocks.slice(Math.min(start, chain.blocks.length - 1))
        await executeStatelessly(chain, blocks, collect(chain, blocks))
      }),
      { numRuns: 40 },
    )
  })

  it('holds nothing that can be left out, except neighbours that another order of updates needs', async () => {
    const chain = await DevChain.create(contracts)
    const [alice] = testAccounts
    if (alice === undefined) throw new Error('no account')
    let nonce = 0n
    const store = (to: Hex, key: bigint, value: bigint) => signTransaction({ from: alice, nonce: nonce++, to, data: callData(key, value) })
    await chain.mine([...[0n, 1n, 2n, 3n, 4n, 5n].map((key) => store(storage, key, 9n)), store(twin, 1n, 8n), store(twin, 2n, 8n)])
    await chain.mine([
      store(storage, 1n, 0n),
      store(storage, 77n, 1n),
      signTransaction({ from: alice, nonce: nonce++, to: at('33'), value: 1n }),
    ])
    await chain.mine([store(storage, 2n, 0n), store(storage, 3n, 0n)])
    // Slot 0 comes before slot 1 goes, so for us their branch never has slot 2 alone in it.
    await chain.mine([store(twin, 0n, 8n), store(twin, 1n, 0n)])
    const blocks = chain.blocks.slice(1)
    const witness = collect(chain, blocks)
    await executeStatelessly(chain, blocks, witness)
    const spare: string[] = []
    for (const kind of ['nodes', 'codes'] as const) {
      for (const [index, item] of witness[kind].entries()) {
        const less = { ...witness, [kind]: witness[kind].filter((_, i) => i !== index) }
        const error = await executeStatelessly(chain, blocks, less).then(
          () => undefined,
          (error: unknown) => error,
        )
        if (error === undefined) spare.push(bytesToHex(keccak256(item)))
        else expect(error).toMatchObject({ code: kind === 'nodes' ? 'MISSING_TRIE_NODE' : 'MISSING_CODE' })
      }
    }
    expect(spare).toEqual(neededByAnotherOrder(chain, blocks, witness, spare))
    expect(spare).toHaveLength(1)
  })

  it('covers the collapse of a branch down to a single slot, and of a storage to nothing', async () => {
    const chain = await DevChain.create(contracts)
    const [alice] = testAccounts
    if (alice === undefined) throw new Error('no account')
    let nonce = 0n
    const store = (key: bigint, value: bigint) => signTransaction({ from: alice, nonce: nonce++, to: storage, data: callData(key, value) })
    await chain.mine(Array.from({ length: 20 }, (_, key) => store(BigInt(key), 1n)))
    for (let key = 0n; key < 20n; key++) await chain.mine([store(key, 0n)])
    for (const block of chain.blocks.slice(1)) await executeStatelessly(chain, [block], collect(chain, [block]))
    const all = chain.blocks.slice(1)
    await executeStatelessly(chain, all, collect(chain, all))
  })

  it('covers delegations (EIP-7702), set, used, and removed', async () => {
    const chain = await DevChain.create(contracts)
    const [alice, bob] = testAccounts
    if (alice === undefined || bob === undefined) throw new Error('no account')
    const authorize = (address: Hex, nonce: bigint) => signAuthorization(bob, address, nonce)
    const call = (nonce: bigint) => signTransaction({ from: alice, nonce, to: bob.address, data: callData(3n, 4n) })
    await chain.mine([
      signTransaction({ from: alice, nonce: 0n, to: alice.address, authorizationList: [await authorize(storage, 0n)] }),
      call(1n),
    ])
    await chain.mine([call(2n)])
    const zero: Hex = `0x${'00'.repeat(20)}`
    await chain.mine([
      signTransaction({ from: alice, nonce: 3n, to: alice.address, authorizationList: [await authorize(zero, 1n)] }),
      call(4n),
    ])
    const delegated = chain.blocks[0]?.commit.changes.find(({ address }) => address === bob.address)
    expect(delegated).toMatchObject({ after: { nonce: 1n }, slots: [{ key: 3n, before: 0n, after: 4n }] })
    expect(chain.blocks[2]?.commit.changes.find(({ address }) => address === bob.address)).toMatchObject({ after: { nonce: 2n } })
    for (const block of chain.blocks) await executeStatelessly(chain, [block], collect(chain, [block]))
    const witness = collect(chain, chain.blocks)
    await executeStatelessly(chain, chain.blocks, witness)
    // The designator was made by the batch itself.
    expect(witness.codes.some((code) => code.length === 23)).toBe(false)
    expect(collect(chain, chain.blocks.slice(1)).codes.some((code) => code.length === 23)).toBe(true)
  })

  it('tells a node of the state before from an equal one that a block made elsewhere', async () => {
    const [alice] = testAccounts
    if (alice === undefined) throw new Error('no account')
    const chain = await DevChain.create(contracts)
    const store = (nonce: bigint, to: Hex, key: bigint) => signTransaction({ from: alice, nonce, to, data: callData(key, 5n) })
    await chain.mine([1n, 2n, 3n].map((key, i) => store(BigInt(i), storage, key)))
    // The other contract gets the same storage, and only then is the first one looked at.
    await chain.mine([1n, 2n, 3n].map((key, i) => store(BigInt(3 + i), twin, key)))
    await chain.mine([store(6n, storage, 1n)])
    const storageRoot = chain.blocks[0]?.commit.newNodes.findLast(({ key }) =>
      chain.blocks[1]?.commit.newNodes.some((made) => made.key === key),
    )
    if (storageRoot === undefined) throw new Error('the storages differ')
    const witness = collect(chain, chain.blocks.slice(1))
    expect(witness.nodes.some((node) => Buffer.compare(node, storageRoot.rlp) === 0)).toBe(true)
  })

  it('fails where the store is incomplete', async () => {
    const chain = await DevChain.create(contracts)
    const { commit } = await chain.mine()
    const blocks = [commit]
    const empty = new MemoryStore()
    expect(() => collectWitness({ stateRootBefore: commit.stateRootBefore, blocks, store: empty })).toThrow(
      expect.objectContaining({ code: 'MISSING_TRIE_NODE' }),
    )
    for (const [hash, node] of chain.store.nodes) empty.nodes.set(hash, node)
    expect(() => collectWitness({ stateRootBefore: commit.stateRootBefore, blocks, store: empty })).toThrow(
      expect.objectContaining({ code: 'MISSING_CODE' }),
    )
  })
})

/** Of these nodes, those without which applying each block's deletions first fails. */
function neededByAnotherOrder(chain: DevChain, blocks: readonly ExecutedBlock[], witness: Witness, spare: readonly string[]): string[] {
  return spare.filter((hash) => {
    const nodes = witness.nodes.filter((node) => bytesToHex(keccak256(node)) !== hash)
    const store = new WitnessStore({ nodes, codes: witness.codes })
    try {
      for (const { commit } of blocks) {
        for (const { address, slots } of commit.changes) {
          const cache = new NodeCache({ maxBytes: 0 }, store)
          const account = chain.state.store.nodes
          const trie = new Trie(cache, storageRootAt(commit.stateRootBefore, address, account))
          for (const { key, after } of slots)
            if (after === 0n) trie.delete(keccak256(hexToBytes(`0x${key.toString(16).padStart(64, '0')}`)))
        }
        store.add(commit)
      }
      return false
    } catch (error) {
      expect(error).toMatchObject({ code: 'MISSING_TRIE_NODE' })
      return true
    }
  })
}

function storageRootAt(root: Hex, address: Hex, cache: NodeCache): Uint8Array {
  const rlp = new Trie(cache, hexToBytes(root)).get(keccak256(createAddressFromString(address).bytes))
  // [nonce, balance, storageRoot, codeHash]: the root stands before the last 33 bytes.
  return rlp === undefined ? emptyTrieRoot : rlp.slice(-65, -33)
}
