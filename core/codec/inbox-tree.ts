import { DevnetError } from '../errors.ts'
import { bytesToHex, concatBytes, type Hex, hexToBytes } from '../hex.ts'
import { bigintToBytes } from '../integer.ts'
import { keccak256 } from '../keccak.ts'

/** Kinds of Inbox items (docs/formats.md §3); only deposits exist so far. */
export const inboxKinds = { deposit: 0, message: 1, forcedTransaction: 2 } as const

/** What L1 put into the Inbox; its index is its place in the tree. */
export interface InboxItem {
  readonly kind: number
  /** Who called the Inbox on L1. */
  readonly sender: Hex
  readonly payload: Uint8Array
  /** Seconds. */
  readonly l1Time: bigint
}

export interface DepositPayload {
  readonly to: Hex
  readonly amountGwei: bigint
}

export class InboxFormatError extends DevnetError {
  override name = 'InboxFormatError'
  constructor(reason: string) {
    super(`Inbox data is malformed: ${reason}.`, { code: 'INBOX_FORMAT', metaMessages: ['docs/formats.md §3 defines it.'] })
  }
}

export const inboxTreeDepth = 32
/** Leaves that fit; the count must stay below 2^32 so that it has one bit per level. */
export const maxInboxLeaves = 2n ** BigInt(inboxTreeDepth) - 1n

const leafTag = Uint8Array.of(0x00)
const nodeTag = Uint8Array.of(0x01)
const maxUint64 = 2n ** 64n - 1n

const emptySubtrees = buildEmptySubtrees()

function buildEmptySubtrees(): readonly Uint8Array[] {
  const roots: Uint8Array[] = [new Uint8Array(32)]
  for (let root = hashNode(new Uint8Array(32), new Uint8Array(32)); roots.length <= inboxTreeDepth; root = hashNode(root, root))
    roots.push(root)
  return roots
}

function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return keccak256(concatBytes(nodeTag, left, right))
}

/** Leaf of the item at `index`. */
export function inboxLeaf(index: bigint, item: InboxItem): Hex {
  if (!Number.isInteger(item.kind) || item.kind < 0 || item.kind > 0xff) throw new InboxFormatError(`kind ${item.kind} does not fit a byte`)
  if (index < 0n || index > maxInboxLeaves) throw new InboxFormatError(`index ${index} is beyond the tree`)
  if (item.l1Time < 0n || item.l1Time > maxUint64) throw new InboxFormatError(`time ${item.l1Time} does not fit 8 bytes`)
  return bytesToHex(
    keccak256(
      concatBytes(
        leafTag,
        bigintToBytes(index, 8),
        Uint8Array.of(item.kind),
        hexToBytes(item.sender),
        keccak256(item.payload),
        bigintToBytes(item.l1Time, 8),
      ),
    ),
  )
}

/** `abi.encode(address to, uint64 amountGwei)`. */
export function encodeDepositPayload({ to, amountGwei }: DepositPayload): Uint8Array {
  if (amountGwei < 0n || amountGwei > maxUint64) throw new InboxFormatError(`amount ${amountGwei} does not fit 8 bytes`)
  return concatBytes(new Uint8Array(12), hexToBytes(to), bigintToBytes(amountGwei, 32))
}

/** Throws `InboxFormatError` for anything that `encodeDepositPayload` cannot have made. */
export function decodeDepositPayload(payload: Uint8Array): DepositPayload {
  if (payload.length !== 64) throw new InboxFormatError(`a deposit has 64 bytes, not ${payload.length}`)
  if (payload.subarray(0, 12).some((byte) => byte !== 0)) throw new InboxFormatError('a deposit begins with a padded address')
  if (payload.subarray(32, 56).some((byte) => byte !== 0)) throw new InboxFormatError('the amount of a deposit has 8 bytes')
  return { to: bytesToHex(payload.subarray(12, 32)), amountGwei: new DataView(payload.buffer, payload.byteOffset + 56, 8).getBigUint64(0) }
}

/** The Inbox's Merkle tree from one count on: it keeps the left siblings of the next leaf only, so an append costs 32 hashes at most. */
export class InboxTree {
  #count: bigint
  /** Per level the root of the full subtree left of the next leaf; stale where the count has no bit. */
  readonly #left: (Uint8Array | undefined)[]

  /**
   * @param state tree at a count: its left siblings, one per set bit of the count, lowest bit first. Left out: the empty tree.
   * Throws `InboxFormatError` where the number of siblings does not fit the count.
   */
  constructor({ count, frontier }: { readonly count: bigint; readonly frontier: readonly Hex[] } = { count: 0n, frontier: [] }) {
    if (count < 0n || count > maxInboxLeaves) throw new InboxFormatError(`count ${count} is beyond the tree`)
    const siblings = frontier.map(hexToBytes)
    this.#count = count
    this.#left = Array.from({ length: inboxTreeDepth }, (_, level) => (hasBit(count, level) ? siblings.shift() : undefined))
    const bits = count.toString(2).replaceAll('0', '').length
    if (frontier.length !== bits || frontier.some((hash) => hash.length !== 66)) {
      throw new InboxFormatError(`count ${count} needs ${bits} siblings of 32 bytes`)
    }
  }

  get count(): bigint {
    return this.#count
  }

  /** Left siblings at the present count (docs/formats.md §6). */
  frontier(): Hex[] {
    return this.#left.flatMap((hash, level) => (hash !== undefined && hasBit(this.#count, level) ? [bytesToHex(hash)] : []))
  }

  append(leaf: Hex): void {
    if (this.#count === maxInboxLeaves) throw new InboxFormatError('the tree is full')
    let node = hexToBytes(leaf)
    let level = 0
    for (; hasBit(this.#count, level); level++) node = hashNode(this.#left[level] ?? unreachable(), node)
    this.#left[level] = node
    this.#count++
  }

  root(): Hex {
    let node = emptySubtrees[0] ?? unreachable()
    for (let level = 0; level < inboxTreeDepth; level++) {
      const left = hasBit(this.#count, level) ? this.#left[level] : undefined
      node = left === undefined ? hashNode(node, emptySubtrees[level] ?? unreachable()) : hashNode(left, node)
    }
    return bytesToHex(node)
  }

  /** An independent copy. */
  clone(): InboxTree {
    return new InboxTree({ count: this.#count, frontier: this.frontier() })
  }
}

function hasBit(count: bigint, level: number): boolean {
  return ((count >> BigInt(level)) & 1n) === 1n
}

function unreachable(): never {
  throw new Error('Inbox tree: a set bit without its sibling')
}
