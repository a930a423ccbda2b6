import { RLP } from '@ethereumjs/rlp'
import { bytesToHex, encodeProverInput, type Hex, hexToBytes, keccak256, type ProverInput } from '../../core/index.ts'
import { runGuestOnEach } from './run.ts'

/** RLP as a tree whose strings are bytes. */
export type Item = Uint8Array | Item[]

export type Run = ReturnType<typeof runGuestOnEach>[number]

export const listOf = (item: Item | undefined): Item[] => {
  if (!Array.isArray(item)) throw new TypeError('not a list')
  return item
}

export const bytesOfItem = (item: Item | undefined): Uint8Array => {
  if (!(item instanceof Uint8Array)) throw new TypeError('not a string')
  return item
}

/** Where the parts of a prover input stand (docs/formats.md §6). */
export const part = { version: 0, constants: 1, parentHeader: 2, blocks: 3, nodes: 4, codes: 5, frontier: 6, items: 7 } as const

/** The input, without fillers, as a tree that may be changed, in ways that the encoder refuses too. */
export function treeOf(input: ProverInput): Item[] {
  const tree = listOf(RLP.decode(encodeProverInput(input)))
  for (const at of [part.nodes, part.codes]) tree[at] = listOf(tree[at]).filter(({ length }) => length > 0)
  return tree
}

export const encodeTree = (tree: Item): Uint8Array => RLP.encode(tree)

export function runTree(input: ProverInput, change: (tree: Item[]) => void): Run {
  const tree = treeOf(input)
  change(tree)
  return runOne(encodeTree(tree))
}

export function runOne(bytes: Uint8Array): Run {
  const [run] = runGuestOnEach([bytes])
  if (run === undefined) throw new Error('the guest printed nothing')
  return run
}

function replaceHash(item: Item, from: Hex, to: Uint8Array): Item {
  if (Array.isArray(item)) return item.map((inner) => replaceHash(inner, from, to))
  return bytesToHex(item) === from ? to : item
}

/** In place of the hash of a node below 32 bytes a node stands as it is; that is left to who asks for it. */
function rehashed(nodes: Map<Hex, Uint8Array>, from: Hex, node: Uint8Array): Hex {
  const to = bytesToHex(keccak256(node))
  nodes.delete(from)
  nodes.set(to, node)
  for (const [hash, parent] of [...nodes]) {
    if (hash === to || !Buffer.from(parent).includes(Buffer.from(hexToBytes(from)))) continue
    const inAccount = replaceInLeaf(parent, from, hexToBytes(to))
    const root = rehashed(nodes, hash, inAccount)
    return root
  }
  return to
}

/** Also a storage root, inside the RLP of an account, inside the RLP of its leaf. */
function replaceInLeaf(node: Uint8Array, from: Hex, to: Uint8Array): Uint8Array {
  const [path, value, ...rest] = listOf(RLP.decode(node))
  if (rest.length === 0 && value instanceof Uint8Array && value.length > 32 && path instanceof Uint8Array) {
    return RLP.encode([path, RLP.encode(replaceHash(listOf(RLP.decode(value)), from, to))])
  }
  return RLP.encode(replaceHash(listOf(RLP.decode(node)), from, to))
}

/**
 * The input with another node in place of one, and all nodes above it changed to hold its hash: the state root that the batch starts
 * from is that of a trie with this node. L1 binds the root to the true one; the guest must not come to harm by any.
 */
export function withNode(input: ProverInput, old: Uint8Array, node: Uint8Array): ProverInput {
  const nodes = new Map(input.nodes.map((bytes) => [bytesToHex(keccak256(bytes)), bytes] as const))
  const stateRootBefore = rehashed(nodes, bytesToHex(keccak256(old)), node)
  return { ...input, nodes: [...nodes.values()], stateRootBefore }
}

export interface WitnessNode {
  readonly bytes: Uint8Array
  readonly items: Item[]
}

/** The nodes of each kind. */
export function nodesByKind(input: ProverInput): {
  branches: WitnessNode[]
  accounts: WitnessNode[]
  slots: WitnessNode[]
  root: WitnessNode
} {
  const nodes = input.nodes.map((bytes) => ({ bytes, items: listOf(RLP.decode(bytes)) }))
  const root = nodes.find(({ bytes }) => bytesToHex(keccak256(bytes)) === input.stateRootBefore)
  if (root === undefined) throw new Error('the witness has no root')
  const leaves = nodes.filter(({ items }) => items.length === 2 && (bytesOfItem(items[0])[0] ?? 0) >= 0x20)
  return {
    root,
    branches: nodes.filter(({ items }) => items.length === 17),
    accounts: leaves.filter(({ items }) => bytesOfItem(items[1]).length > 40),
    slots: leaves.filter(({ items }) => bytesOfItem(items[1]).length <= 33),
  }
}
