import fc from 'fast-check'
import { bytesToHex, type Hex } from '../../hex.ts'
import type { InboxItem } from '../inbox-tree.ts'
import type { ProverInput } from '../prover-input.ts'
import type { AccountDiff, StateDiff } from '../state-diff.ts'

const uint = (bits: number): fc.Arbitrary<bigint> =>
  fc.integer({ min: 0, max: bits }).chain((size) => fc.bigInt({ min: 0n, max: 2n ** BigInt(size) - 1n }))
const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength })
const hex = (length: number): fc.Arbitrary<Hex> => fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex)
const compare = (a: bigint | string, b: bigint | string): number => (a < b ? -1 : a > b ? 1 : 0)

const slots = fc
  .uniqueArray(fc.record({ key: uint(256), value: uint(256) }), { selector: ({ key }) => key, minLength: 1, maxLength: 6 })
  .map((list) => list.sort((a, b) => compare(a.key, b.key)))

// Few lengths and values, so that equal codes meet in one diff.
const code = fc.oneof(fc.constant(new Uint8Array()), fc.constantFrom(Uint8Array.of(1), Uint8Array.of(2, 2), new Uint8Array(300)), bytes(40))

const changes = fc
  .record({ nonce: uint(64), balance: uint(256), code, slots }, { requiredKeys: [] })
  .filter((change) => Object.keys(change).length > 0)
  .filter(({ nonce, balance, code }) => !(nonce === 0n && balance === 0n && code?.length === 0))

const account: fc.Arbitrary<AccountDiff> = fc.oneof(
  { weight: 1, arbitrary: hex(20).map((address) => ({ address, absent: true as const })) },
  { weight: 5, arbitrary: fc.tuple(hex(20), changes).map(([address, change]) => ({ address, ...change })) },
)

/** Canonical diffs. */
export const stateDiffs: fc.Arbitrary<StateDiff> = fc.record({
  header: bytes(80),
  accounts: fc
    .uniqueArray(account, { selector: ({ address }) => address, maxLength: 6 })
    .map((list) => list.sort((a, b) => compare(a.address, b.address))),
})

export const inboxItems: fc.Arbitrary<InboxItem> = fc.record({
  kind: fc.nat({ max: 255 }),
  sender: hex(20),
  payload: bytes(70),
  l1Time: uint(64),
})

export const hashes = hex(32)

/** A node or a code: not empty, as that is a filler. */
const stored = fc.uint8Array({ minLength: 1, maxLength: 70 })

/** A frontier comes with items only. */
export const proverInputs: fc.Arbitrary<ProverInput> = fc
  .record({
    l1ChainId: uint(256),
    rollup: hex(20),
    l2ChainId: uint(256),
    rulesVersion: uint(8),
    batchNumber: uint(64),
    stateRootBefore: hashes,
    inboxCountBefore: uint(31),
    parentHeader: bytes(70),
    blocks: fc.array(bytes(70), { minLength: 1, maxLength: 3 }),
    nodes: fc.array(stored, { maxLength: 4 }),
    codes: fc.array(stored, { maxLength: 3 }),
    frontier: fc.array(hashes, { maxLength: 3 }),
    items: fc.array(inboxItems, { maxLength: 3 }),
  })
  .map((input) => (input.items.length === 0 ? { ...input, frontier: [] } : input))
