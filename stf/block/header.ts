import { RLP } from '@ethereumjs/rlp'
import { type BlockHeader, bytesToBigint, bytesToHex, type Hex, keccak256Hex, rules } from '../../core/index.ts'
import { encodeRlp } from '../rlp.ts'
import { BlockFormatError } from './errors.ts'

/** keccak256 of the RLP of an empty list. */
export const emptyOmmersHash: Hex = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
/** sha256 of nothing: no requests (EIP-7685). */
export const emptyRequestsHash: Hex = '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
/** The nonce of every header since the merge. */
export const zeroNonce: Hex = '0x0000000000000000'

// In the order of the RLP: fields of fixed length in bytes, `uint` up to so many bytes, or up to so many bytes of data.
const fields = [
  ['parentHash', 'fixed', 32],
  ['ommersHash', 'fixed', 32],
  ['coinbase', 'fixed', 20],
  ['stateRoot', 'fixed', 32],
  ['transactionsRoot', 'fixed', 32],
  ['receiptsRoot', 'fixed', 32],
  ['logsBloom', 'fixed', 256],
  ['difficulty', 'uint', 32],
  ['number', 'uint', 8],
  ['gasLimit', 'uint', 8],
  ['gasUsed', 'uint', 8],
  ['timestamp', 'uint', 8],
  ['extraData', 'data', 32],
  ['mixHash', 'fixed', 32],
  ['nonce', 'fixed', 8],
  ['baseFeePerGas', 'uint', 32],
  ['withdrawalsRoot', 'fixed', 32],
  ['blobGasUsed', 'uint', 8],
  ['excessBlobGas', 'uint', 8],
  ['parentBeaconBlockRoot', 'fixed', 32],
  ['requestsHash', 'fixed', 32],
] as const satisfies readonly (readonly [keyof BlockHeader, 'fixed' | 'uint' | 'data', number])[]

export const headerFields: readonly (keyof BlockHeader)[] = fields.map(([name]) => name)

interface EncodedHeader {
  readonly rlp: Uint8Array
  hash?: Hex
}

// A block's header is encoded for its hash, its RLP, its row and its child.
const encoded = new WeakMap<BlockHeader, EncodedHeader>()

function encodedOf(header: BlockHeader): EncodedHeader {
  const known = encoded.get(header)
  if (known !== undefined) return known
  const made = { rlp: encodeRlp(headerFields.map((name): bigint | Hex => header[name])) }
  encoded.set(header, made)
  return made
}

/** RLP of a header, whose keccak256 is the block's hash. Whoever gets it does not change it. */
export function encodeHeader(header: BlockHeader): Uint8Array {
  return encodedOf(header).rlp
}

export function headerHash(header: BlockHeader): Hex {
  const known = encodedOf(header)
  known.hash ??= keccak256Hex(known.rlp)
  return known.hash
}

/** @throws BlockFormatError */
export function headerFromItems(items: unknown): BlockHeader {
  if (!Array.isArray(items) || items.length !== fields.length) throw new BlockFormatError(`a header has ${fields.length} fields`)
  const at = (index: number): Uint8Array => {
    const item: unknown = items[index]
    const [name, kind, length] = fields[index] ?? ['difficulty', 'uint', 0]
    if (!(item instanceof Uint8Array)) throw new BlockFormatError(`${name} is a list`)
    if (kind === 'fixed' ? item.length !== length : item.length > length) throw new BlockFormatError(`${name} has ${item.length} bytes`)
    return item
  }
  const uint = (index: number): bigint => {
    const bytes = at(index)
    if (bytes[0] === 0) throw new BlockFormatError('a number has leading zeros')
    return bytesToBigint(bytes)
  }
  const hex = (index: number): Hex => bytesToHex(at(index))
  return {
    parentHash: hex(0),
    ommersHash: hex(1),
    coinbase: hex(2),
    stateRoot: hex(3),
    transactionsRoot: hex(4),
    receiptsRoot: hex(5),
    logsBloom: hex(6),
    difficulty: uint(7),
    number: uint(8),
    gasLimit: uint(9),
    gasUsed: uint(10),
    timestamp: uint(11),
    extraData: hex(12),
    mixHash: hex(13),
    nonce: hex(14),
    baseFeePerGas: uint(15),
    withdrawalsRoot: hex(16),
    blobGasUsed: uint(17),
    excessBlobGas: uint(18),
    parentBeaconBlockRoot: hex(19),
    requestsHash: hex(20),
  }
}

/**
 * Decodes a header from its only RLP.
 * @throws BlockFormatError
 */
export function decodeHeader(rlp: Uint8Array): BlockHeader {
  let items: unknown
  try {
    items = RLP.decode(rlp)
  } catch (error) {
    throw new BlockFormatError('it is not RLP', error)
  }
  const header = headerFromItems(items)
  if (Buffer.compare(encodeHeader(header), rlp) !== 0) throw new BlockFormatError('its RLP is not canonical')
  return header
}

const elasticity = 2n
const maxChangeDenominator = 8n

/** Base fee of the block after `parent` (EIP-1559). */
export function nextBaseFee(parent: Pick<BlockHeader, 'baseFeePerGas' | 'gasUsed'>): bigint {
  const target = rules.blockGasLimit / elasticity
  const { baseFeePerGas, gasUsed } = parent
  if (gasUsed === target) return baseFeePerGas
  if (gasUsed > target) {
    const increase = (baseFeePerGas * (gasUsed - target)) / target / maxChangeDenominator
    return baseFeePerGas + (increase > 0n ? increase : 1n)
  }
  const next = baseFeePerGas - (baseFeePerGas * (target - gasUsed)) / target / maxChangeDenominator
  return next > 0n ? next : 0n
}
