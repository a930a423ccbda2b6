import { RLP } from '@ethereumjs/rlp'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchDigest, concatBytes, encodeProverInput } from '../../core/index.ts'
import { buildBatch, type TestBatch } from '../../prover/testing/batch-fixture.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import {
  bytesOfItem,
  encodeTree,
  type Item,
  listOf,
  nodesByKind,
  part,
  type Run,
  runOne,
  runTree,
  treeOf,
  type WitnessNode,
  withNode,
} from './malicious-fixture.ts'
import { guestStatus, runGuestInMachine, runGuestOnEach } from './run.ts'

let batch: TestBatch

const run = (change: (tree: Item[]) => void): Run => runTree(batch.input, change)
const nodesOf = (tree: Item[]): Item[] => listOf(tree[part.nodes])
const codesOf = (tree: Item[]): Item[] => listOf(tree[part.codes])

const runWithNode = (old: WitnessNode, items: Item): Run => runOne(encodeProverInput(withNode(batch.input, old.bytes, RLP.encode(items))))

const first = (nodes: readonly WitnessNode[]): WitnessNode => {
  const [node] = nodes
  if (node === undefined) throw new Error('the witness has no such node')
  return node
}

/** Every way to have it fail in turn, on every node of the kind: none may lead to a digest. */
function runOnEach(nodes: readonly WitnessNode[], change: (items: Item[]) => Item): Run[] {
  return runGuestOnEach(
    nodes.map((node) => encodeProverInput(withNode(batch.input, node.bytes, RLP.encode(change(structuredClone(node.items)))))),
  )
}

const statusesOf = (runs: readonly Run[]): number[] =>
  [...new Set(runs.map((one) => ('status' in one ? one.status : 0)))].sort((a, b) => a - b)

describe.skipIf(!hasCompiler())('a malicious witness', () => {
  beforeAll(async () => {
    batch = await buildBatch()
    // Builds the driver.
    expect(run(() => undefined)).toEqual({ digest: batchDigest(batch.publicInputs) })
  }, 120_000)

  it('is no longer the honest one: changed hashes above a node lead to the same batch', () => {
    const { root } = nodesByKind(batch.input)
    expect(encodeProverInput(withNode(batch.input, root.bytes, root.bytes))).toEqual(encodeProverInput(batch.input))
    expect(runOne(encodeProverInput(batch.input))).toEqual({ digest: batchDigest(batch.publicInputs) })
  })

  it.each<[string, number, (tree: Item[]) => void]>([
    ['has a node twice', guestStatus.order, (tree) => nodesOf(tree).splice(1, 0, nodesOf(tree)[0] ?? [])],
    ['has nodes in another order', guestStatus.order, (tree) => nodesOf(tree).reverse()],
    ['has a code twice', guestStatus.order, (tree) => codesOf(tree).splice(1, 0, codesOf(tree)[0] ?? [])],
    ['has codes in another order', guestStatus.order, (tree) => codesOf(tree).reverse()],
    ['has a list for a node', guestStatus.rlp, (tree) => nodesOf(tree).push([])],
    ['has a list for a code', guestStatus.rlp, (tree) => codesOf(tree).push([Uint8Array.of(1)])],
    ['has no nodes', guestStatus.nodeMissing, (tree) => nodesOf(tree).splice(0)],
    ['has no codes', guestStatus.codeMissing, (tree) => codesOf(tree).splice(0)],
    ['has a string for its nodes', guestStatus.rlp, (tree) => tree.splice(part.nodes, 1, Uint8Array.of(0xc0))],
  ])('that %s fails with status %i', (_, status, change) => {
    expect(run(change)).toEqual({ status })
  })

  it('fails where each node is served in place of another', () => {
    const { nodes } = batch.input
    // By a hash of their own: two nodes cannot change places, whatever order they come in.
    const swapped = nodes.map((_, index) => {
      const tree = treeOf(batch.input)
      const list = nodesOf(tree)
      const other = (index + 1) % list.length
      const [a = [], b = []] = [list[index], list[other]]
      list[index] = b
      list[other] = a
      return encodeTree(tree)
    })
    expect(statusesOf(runGuestOnEach(swapped))).toEqual([guestStatus.order])
  })

  it('fails where a node serves as a code, or a code as a node', () => {
    const { nodes, codes } = batch.input
    const kinds = [
      { nodes: [...nodes, ...codes], codes: [] },
      { nodes: [], codes: [...nodes, ...codes] },
    ]
    expect(runGuestOnEach(kinds.map((kind) => encodeProverInput({ ...batch.input, ...kind })))).toEqual([
      { status: guestStatus.codeMissing },
      { status: guestStatus.nodeMissing },
    ])
  })

  it.each<[string, (items: Item[]) => Item, readonly number[]]>([
    ['has 16 items', (items) => items.slice(1), [guestStatus.rlp]],
    ['has 18 items', (items) => [...items, new Uint8Array(0)], [guestStatus.rlp]],
    ['is a string', () => Uint8Array.of(1, 2, 3), [guestStatus.rlp]],
    ['is empty', () => [], [guestStatus.rlp]],
    ['has one item', (items) => items.slice(0, 1), [guestStatus.rlp]],
    [
      'has hashes of 31 bytes',
      (items) => items.map((item) => (item.length === 32 ? bytesOfItem(item).subarray(1) : item)),
      [guestStatus.nodeInvalid],
    ],
    [
      'has hashes of 33 bytes',
      (items) => items.map((item) => (item.length === 32 ? concatBytes(bytesOfItem(item), Uint8Array.of(0)) : item)),
      [guestStatus.nodeInvalid],
    ],
    [
      'holds a long node itself',
      (items) => items.map((item) => (item.length === 32 ? [Uint8Array.of(0x20), new Uint8Array(40).fill(7)] : item)),
      [guestStatus.nodeInvalid],
    ],
    ['has a list for its value', (items) => items.with(16, []), [guestStatus.rlp]],
    ['refers to nothing', (items) => items.map(() => new Uint8Array(0)), [guestStatus.transaction]],
  ])('of whose root the branch %s fails', (_, change, statuses) => {
    const { root } = nodesByKind(batch.input)
    expect(statuses).toContain(statusesOf([runWithNode(root, change(structuredClone(root.items)))])[0])
  })

  const withPath = (path: readonly number[]) => (items: Item[]) => [Uint8Array.from(path), ...items.slice(1)]
  it.each<[string, (items: Item[]) => Item, readonly number[]]>([
    ['has an empty path', withPath([]), [guestStatus.nodeInvalid]],
    ['has an unknown flag', withPath([0x40, 0x11]), [guestStatus.nodeInvalid]],
    ['has a dirty padding', withPath([0x21, 0x11]), [guestStatus.nodeInvalid]],
    ['has a path of 34 bytes', withPath([0x20, ...new Array(33).fill(0)]), [guestStatus.nodeInvalid]],
    ['has a path of 65 nibbles', withPath([0x31, ...new Array(32).fill(0)]), [guestStatus.nodeInvalid]],
    ['is an extension to a value', withPath([0x00, 0x11]), [guestStatus.nodeInvalid]],
    ['has no value', (items) => [items[0] ?? [], new Uint8Array(0)], [guestStatus.nodeInvalid]],
    ['has a list for its value', (items) => [items[0] ?? [], []], [guestStatus.rlp]],
    [
      'is no canonical account: a nonce with a leading zero',
      (items) => accountWith(items, (fields) => fields.with(0, Uint8Array.of(0, 1))),
      [guestStatus.accountInvalid, guestStatus.rlp],
    ],
    [
      'is an account of three fields',
      (items) => accountWith(items, (fields) => fields.slice(0, 3)),
      [guestStatus.accountInvalid, guestStatus.rlp],
    ],
    [
      'is an account of five fields',
      (items) => accountWith(items, (fields) => [...fields, new Uint8Array(0)]),
      [guestStatus.accountInvalid, guestStatus.rlp],
    ],
    [
      'is an account with a nonce of 9 bytes',
      (items) => accountWith(items, (fields) => fields.with(0, new Uint8Array(9).fill(1))),
      [guestStatus.accountInvalid, guestStatus.rlp],
    ],
    [
      'is an account with a balance of 33 bytes',
      (items) => accountWith(items, (fields) => fields.with(1, new Uint8Array(33).fill(1))),
      [guestStatus.accountInvalid, guestStatus.rlp],
    ],
    [
      'is an account with a storage root of 31 bytes',
      (items) => accountWith(items, (fields) => fields.with(2, new Uint8Array(31))),
      [guestStatus.accountInvalid, guestStatus.rlp],
    ],
    [
      'is an account with a code hash of 33 bytes',
      (items) => accountWith(items, (fields) => fields.with(3, new Uint8Array(33))),
      [guestStatus.accountInvalid, guestStatus.rlp],
    ],
    [
      'is an account with bytes behind it',
      (items) => [items[0] ?? [], concatBytes(bytesOfItem(items[1]), Uint8Array.of(0))],
      [guestStatus.accountInvalid, guestStatus.rlp],
    ],
  ])('fails where a leaf %s', (_, change, statuses) => {
    const runs = runOnEach(nodesByKind(batch.input).accounts, change)
    // A leaf that nothing reads does no harm, but neither is the root above it that of the batch's blocks.
    const allowed = [...statuses, guestStatus.stateRoot, guestStatus.nodeMissing]
    for (const status of statusesOf(runs)) expect(allowed).toContain(status)
    expect(statusesOf(runs).some((status) => statuses.includes(status))).toBe(true)
  })

  function accountWith(items: Item[], change: (fields: Item[]) => Item[]): Item {
    return [items[0] ?? [], RLP.encode(change(listOf(RLP.decode(bytesOfItem(items[1])))))]
  }

  it.each<[string, Uint8Array]>([
    ['a leading zero', RLP.encode(Uint8Array.of(0, 1))],
    ['33 bytes', RLP.encode(new Uint8Array(33).fill(1))],
    ['zero', RLP.encode(new Uint8Array(0))],
    ['a list', RLP.encode([])],
    ['two items', concatBytes(RLP.encode(Uint8Array.of(1)), RLP.encode(Uint8Array.of(1)))],
  ])('fails where a slot holds %s', (_, value) => {
    const { slots } = nodesByKind(batch.input)
    expect(slots.length).toBeGreaterThan(0)
    const statuses = statusesOf(runOnEach(slots, (items) => [items[0] ?? [], value]))
    expect(
      statuses.every((status) => [guestStatus.rlp, guestStatus.accountInvalid, guestStatus.stateRoot].some((one) => one === status)),
    ).toBe(true)
    expect(statuses.some((status) => status !== guestStatus.stateRoot)).toBe(true)
  })

  it('fails where nodes go deeper than any key', () => {
    const { root } = nodesByKind(batch.input)
    // Extensions of a nibble, each to the next, on the way to the true root.
    let input = batch.input
    let above = root
    for (let depth = 0; depth < 70; depth++) {
      const extension = RLP.encode([Uint8Array.of(0x10 | (depth % 16)), hashItem(input.stateRootBefore)])
      input = { ...input, nodes: [...input.nodes, extension], stateRootBefore: withRootOf(extension) }
      above = { bytes: extension, items: listOf(RLP.decode(extension)) }
    }
    expect(above.items.length).toBe(2)
    expect(runOne(encodeProverInput(input))).toEqual({ status: guestStatus.transaction })
  })

  const hashItem = (hash: string): Uint8Array => Uint8Array.from(Buffer.from(hash.slice(2), 'hex'))
  const withRootOf = (node: Uint8Array) => withNode({ ...batch.input, nodes: [node] }, node, node).stateRootBefore

  it('fails where a branch has a value, one child, or a child twice', () => {
    const { branches } = nodesByKind(batch.input)
    const changes: ((items: Item[]) => Item)[] = [
      (items) => items.with(16, Uint8Array.of(1)),
      (items) => items.map((item, index) => (index === items.findIndex((one) => one.length > 0) ? item : new Uint8Array(0))),
      (items) =>
        items.map((item) =>
          item.length === 0
            ? (first(branches.map((node) => ({ ...node, items: node.items.filter((one) => one.length === 32) }))).items[0] ?? item)
            : item,
        ),
    ]
    for (const change of changes) {
      const statuses = statusesOf(runOnEach(branches, change))
      expect(statuses).not.toContain(0)
      expect([
        guestStatus.transaction,
        guestStatus.nodeMissing,
        guestStatus.codeMissing,
        guestStatus.stateRoot,
        guestStatus.gasUsed,
        guestStatus.receiptsRoot,
        guestStatus.logsBloom,
        guestStatus.header,
        guestStatus.rlp,
        guestStatus.nodeInvalid,
      ]).toEqual(expect.arrayContaining(statuses))
    }
  })

  it('fails in the machine as on the host', () => {
    const { root, accounts } = nodesByKind(batch.input)
    const inputs = [
      encodeTree(changed((tree) => nodesOf(tree).reverse())),
      encodeTree(changed((tree) => nodesOf(tree).splice(0))),
      encodeTree(changed((tree) => codesOf(tree).splice(0))),
      encodeProverInput(withNode(batch.input, root.bytes, RLP.encode(root.items.slice(1)))),
      ...accounts
        .slice(0, 3)
        .map((node) => encodeProverInput(withNode(batch.input, node.bytes, RLP.encode([Uint8Array.of(0x40), node.items[1] ?? []])))),
    ]
    const host = runGuestOnEach(inputs)
    expect(statusesOf(host)).not.toContain(0)
    expect(inputs.map((input) => runGuestInMachine(input))).toEqual(host)
  })

  function changed(change: (tree: Item[]) => void): Item[] {
    const tree = treeOf(batch.input)
    change(tree)
    return tree
  }
})

if (!hasCompiler()) console.info(`tests of malicious witnesses: all skipped: ${compilerNeeded}`)
