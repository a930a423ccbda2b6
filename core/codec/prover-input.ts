import { RLP } from '@ethereumjs/rlp'
import { DevnetError } from '../errors.ts'
import { bytesToBigint, bytesToHex, type Hex, hexToBytes } from '../hex.ts'
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
  /** `InboxTree.frontier()` at `inboxCountBefore`. */
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

const proverInputVersion = 1n

type Item = Uint8Array | Item[]

/** Encodes the input; nodes and codes may come in any order and more than once. */
export function encodeProverInput(input: ProverInput): Uint8Array {
  return encodeList({ ...input, nodes: sortByHash(input.nodes), codes: sortByHash(input.codes) })
}

function encodeList(input: ProverInput): Uint8Array {
  return RLP.encode([
    proverInputVersion,
    [
      input.l1ChainId,
      hexToBytes(input.rollup),
      input.l2ChainId,
      input.rulesVersion,
      input.batchNumber,
      hexToBytes(input.stateRootBefore),
      input.inboxCountBefore,
    ],
    input.parentHeader,
    [...input.blocks],
    [...input.nodes],
    [...input.codes],
    input.frontier.map(hexToBytes),
    input.items.map((item) => [BigInt(item.kind), hexToBytes(item.sender), item.payload, item.l1Time]),
  ])
}

/** Decodes an input of the only canonical form. Throws `InvalidProverInputError` for anything else. */
export function decodeProverInput(bytes: Uint8Array): ProverInput {
  const [version, constants, parentHeader, blocks, nodes, codes, frontier, items] = list(decodeRlp(bytes), 'input', 8)
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
    nodes: list(nodes, 'nodes').map((node) => string(node, 'node')),
    codes: list(codes, 'codes').map((code) => string(code, 'code')),
    frontier: list(frontier, 'frontier').map((hash) => fixed(hash, 'frontier hash', 32)),
    items: list(items, 'items').map(decodeItem),
  }
  if (input.blocks.length === 0) throw new InvalidProverInputError('it has no block')
  if (input.inboxCountBefore + BigInt(input.items.length) > maxInboxLeaves)
    throw new InvalidProverInputError('the Inbox count is beyond the tree')
  assertAscending(input.nodes, 'nodes')
  assertAscending(input.codes, 'codes')
  // The RLP library is lenient in places (nested lists, long lengths), so compare: one input has one encoding.
  if (Buffer.compare(encodeList(input), bytes) !== 0) throw new InvalidProverInputError('its RLP is not canonical')
  return input
}

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
