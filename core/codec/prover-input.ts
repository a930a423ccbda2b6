import { RLP } from '@ethereumjs/rlp'
import { DevnetError } from '../errors.ts'
import { bytesToHex, concatBytes, type Hex, hexToBytes } from '../hex.ts'
import { bigintToBytes, bytesToBigint } from '../integer.ts'
import { keccak256Hex } from '../keccak.ts'
import { type InboxItem, maxInboxLeaves } from './inbox-tree.ts'

/** What a stateless client needs to check a batch (docs/formats.md §6). Nothing of it is trusted. */
export interface ProverInput {
  readonly l1ChainId: bigint
  readonly rollup: Hex
  readonly l2ChainId: bigint
  readonly rulesVersion: bigint
  readonly batchNumber: bigint
  readonly stateRootBefore: Hex
  readonly inboxCountBefore: bigint
  /** RLP of the header of the previous batch's last block. */
  readonly parentHeader: Uint8Array
  /** RLP of each block, in order. */
  readonly blocks: readonly Uint8Array[]
  /** Trie nodes of the account trie and the storage tries. */
  readonly nodes: readonly Uint8Array[]
  readonly codes: readonly Uint8Array[]
  /** `InboxTree.frontier()` at `inboxCountBefore`; empty where there are no items. */
  readonly frontier: readonly Hex[]
  /** The Inbox items that the batch consumes. */
  readonly items: readonly InboxItem[]
}

/** No honest proof exists for this input: proving it again is in vain. */
export class InvalidProverInputError extends DevnetError {
  override name = 'InvalidProverInputError'
  constructor(reason: string, cause?: unknown) {
    super(`The prover input is invalid: ${reason}.`, {
      code: 'INVALID_PROVER_INPUT',
      metaMessages: ['The sequencer and the prover disagree on this batch: it must not be proven.'],
      cause,
    })
  }
}

const proverInputVersion = 2n

type Item = Uint8Array | Item[]

/** Encodes the input; nodes and codes may come in any order and more than once. */
export function encodeProverInput(input: ProverInput): Uint8Array {
  const constants = [
    input.l1ChainId,
    hexToBytes(input.rollup),
    input.l2ChainId,
    input.rulesVersion,
    input.batchNumber,
    hexToBytes(input.stateRootBefore),
    input.inboxCountBefore,
  ]
  const before = concatBytes(...[proverInputVersion, constants, input.parentHeader, [...input.blocks]].map((field) => RLP.encode(field)))
  const items = input.items.map((item) => [BigInt(item.kind), hexToBytes(item.sender), item.payload, item.l1Time])
  const after = concatBytes(RLP.encode(input.frontier.map(hexToBytes)), RLP.encode(items))
  const { nodes, codes } = withFillers({
    nodes: sortByHash(input.nodes),
    codes: sortByHash(input.codes),
    before: before.length,
    after: after.length,
  })
  return concatBytes(prefixOfList(before.length + nodes.length + codes.length + after.length), before, nodes, codes, after)
}

interface Parts {
  readonly nodes: readonly Uint8Array[]
  readonly codes: readonly Uint8Array[]
  /** Bytes of the fields that come before and after them. */
  readonly before: number
  readonly after: number
}

/**
 * The two lists with fillers, so that each node and code stands at a multiple of 4 bytes of the input: the guest hashes it where it is.
 * Where they stand depends on the lengths of prefixes, which depend on the fillers: the shortest prefix that is long enough is taken, and
 * should its list be too short for it then, fillers at the end make up for that.
 */
function withFillers({ nodes, codes, before, after }: Parts): { readonly nodes: Uint8Array; readonly codes: Uint8Array } {
  for (let prefix = 1; ; prefix++) {
    const filledNodes = filledList(nodes, { start: prefix + before })
    const start = prefix + before + filledNodes.length
    const filledCodes = filledList(codes, { start })
    const length = before + filledNodes.length + filledCodes.length + after
    const needed = prefixOfList(length).length
    if (needed > prefix) continue
    return { nodes: filledNodes, codes: needed === prefix ? filledCodes : filledList(codes, { start, atEnd: shortest(prefix) - length }) }
  }
}

/** A list that stands at byte `start`, with so many fillers at its end. */
function filledList(values: readonly Uint8Array[], { start, atEnd = 0 }: { readonly start: number; readonly atEnd?: number }): Uint8Array {
  for (let prefix = 1; ; prefix++) {
    const parts: Uint8Array[] = []
    let length = atEnd
    let at = start + prefix
    for (const value of values) {
      const own = prefixOfString(value)
      const fillers = (wordBytes - ((at + own.length) % wordBytes)) % wordBytes
      parts.push(fillersOf(fillers), own, value)
      length += fillers + own.length + value.length
      at += fillers + own.length + value.length
    }
    const needed = prefixOfList(length).length
    if (needed > prefix) continue
    const missing = needed === prefix ? 0 : shortest(prefix) - length
    return concatBytes(prefixOfList(length + missing), ...parts, fillersOf(atEnd + missing))
  }
}

const wordBytes = 4
const maxShort = 55
/** Empty strings. */
const fillersOf = (count: number): Uint8Array => new Uint8Array(count).fill(0x80)
/** What the content of an item with so long a prefix has at least. */
const shortest = (prefix: number): number => (prefix === 2 ? maxShort + 1 : 256 ** (prefix - 2))

const prefixOfList = (length: number): Uint8Array => prefixOf(0xc0, length)

function prefixOfString(bytes: Uint8Array): Uint8Array {
  return bytes.length === 1 && (bytes[0] ?? 0) < 0x80 ? new Uint8Array(0) : prefixOf(0x80, bytes.length)
}

function prefixOf(kind: number, length: number): Uint8Array {
  if (length <= maxShort) return Uint8Array.of(kind + length)
  const digits = bigintToBytes(BigInt(length), Math.ceil(length.toString(16).length / 2))
  return concatBytes(Uint8Array.of(kind + maxShort + digits.length), digits)
}

/**
 * Decodes an input of the only canonical form, but for fillers, of which there may be any number between nodes and between codes.
 * Throws `InvalidProverInputError` for anything else.
 */
export function decodeProverInput(bytes: Uint8Array): ProverInput {
  const decoded = decodeRlp(bytes)
  const [version, constants, parentHeader, blocks, nodes, codes, frontier, items] = list(decoded, 'input', 8)
  if (integer(version, 'version', 8) !== proverInputVersion) throw new InvalidProverInputError('its version is unknown')
  const [l1ChainId, rollup, l2ChainId, rulesVersion, batchNumber, stateRootBefore, inboxCountBefore] = list(constants, 'constants', 7)
  const input: ProverInput = {
    l1ChainId: integer(l1ChainId, 'l1ChainId', 32),
    rollup: fixed(rollup, 'rollup', 20),
    l2ChainId: integer(l2ChainId, 'l2ChainId', 32),
    rulesVersion: integer(rulesVersion, 'rulesVersion', 32),
    batchNumber: integer(batchNumber, 'batchNumber', 8),
    stateRootBefore: fixed(stateRootBefore, 'stateRootBefore', 32),
    inboxCountBefore: integer(inboxCountBefore, 'inboxCountBefore', 8),
    parentHeader: string(parentHeader, 'parentHeader'),
    blocks: list(blocks, 'blocks').map((block) => string(block, 'block')),
    nodes: list(nodes, 'nodes')
      .map((node) => string(node, 'node'))
      .filter(isNoFiller),
    codes: list(codes, 'codes')
      .map((code) => string(code, 'code'))
      .filter(isNoFiller),
    frontier: list(frontier, 'frontier').map((hash) => fixed(hash, 'frontier hash', 32)),
    items: list(items, 'items').map(decodeItem),
  }
  if (input.blocks.length === 0) throw new InvalidProverInputError('it has no block')
  if (input.items.length === 0 && input.frontier.length > 0) throw new InvalidProverInputError('it has a frontier, and no Inbox item')
  if (input.inboxCountBefore + BigInt(input.items.length) > maxInboxLeaves)
    throw new InvalidProverInputError('the Inbox count is beyond the tree')
  assertAscending(input.nodes, 'nodes')
  assertAscending(input.codes, 'codes')
  // The RLP library is lenient in places (nested lists, long lengths), so compare: a list has one encoding.
  if (Buffer.compare(RLP.encode(decoded), bytes) !== 0) throw new InvalidProverInputError('its RLP is not canonical')
  return input
}

const isNoFiller = (bytes: Uint8Array): boolean => bytes.length > 0

function decodeItem(item: Item): InboxItem {
  const [kind, sender, payload, l1Time] = list(item, 'Inbox item', 4)
  return {
    kind: Number(integer(kind, 'kind', 1)),
    sender: fixed(sender, 'sender', 20),
    payload: string(payload, 'payload'),
    l1Time: integer(l1Time, 'l1Time', 8),
  }
}

function decodeRlp(bytes: Uint8Array): Item {
  try {
    return RLP.decode(bytes)
  } catch (error) {
    throw new InvalidProverInputError('it is not RLP', error)
  }
}

function list(item: Item | undefined, name: string, length?: number): readonly Item[] {
  if (!Array.isArray(item)) throw new InvalidProverInputError(`${name} is not a list`)
  if (length !== undefined && item.length !== length) throw new InvalidProverInputError(`${name} has ${item.length} fields, not ${length}`)
  return item
}

function string(item: Item | undefined, name: string): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new InvalidProverInputError(`${name} is not a string`)
  return item
}

function fixed(item: Item | undefined, name: string, length: number): Hex {
  const bytes = string(item, name)
  if (bytes.length !== length) throw new InvalidProverInputError(`${name} has ${bytes.length} bytes, not ${length}`)
  return bytesToHex(bytes)
}

function integer(item: Item | undefined, name: string, maxBytes: number): bigint {
  const bytes = string(item, name)
  if (bytes.length > maxBytes) throw new InvalidProverInputError(`${name} has more than ${maxBytes} bytes`)
  if (bytes[0] === 0) throw new InvalidProverInputError(`${name} has leading zeros`)
  return bytesToBigint(bytes)
}

function sortByHash(values: readonly Uint8Array[]): Uint8Array[] {
  const byHash = new Map(values.map((value) => [keccak256Hex(value), value]))
  return [...byHash].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}

function assertAscending(values: readonly Uint8Array[], name: string): void {
  let previous = ''
  for (const value of values) {
    const hash = keccak256Hex(value)
    if (hash <= previous) throw new InvalidProverInputError(`${name} do not ascend by hash`)
    previous = hash
  }
}
