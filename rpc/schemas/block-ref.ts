import type { Hex } from '../../core/index.ts'
import { decoded, decodeQuantity, ParamProblem } from './primitives.ts'

export type BlockTag = 'latest' | 'pending' | 'safe' | 'finalized' | 'earliest'

/** Which block: by tag, number or hash. */
export type BlockRef =
  | { readonly kind: 'tag'; readonly tag: BlockTag }
  | { readonly kind: 'number'; readonly number: bigint }
  | { readonly kind: 'hash'; readonly hash: Hex }

const tagNames = ['latest', 'pending', 'safe', 'finalized', 'earliest'] as const
const tags: ReadonlyMap<unknown, BlockRef> = new Map(tagNames.map((tag): [BlockTag, BlockRef] => [tag, { kind: 'tag', tag }]))

export const latestRef: BlockRef = { kind: 'tag', tag: 'latest' }

const hashPattern = /^0x[0-9a-fA-F]{64}$/
const numberOrTagSchemas = [
  { type: 'string', enum: tagNames },
  { type: 'string', title: 'Quantity', pattern: '^0x(0|[1-9a-f][0-9a-f]{0,14})$' },
]

function decodeNumberOrTag(value: unknown): BlockRef {
  // Quantities of block numbers are 63 bits in geth; anything above is no block of ours either way.
  return tags.get(value) ?? { kind: 'number', number: decodeQuantity(value, 64) }
}

/** A block number or a tag. */
export const BlockNumberOrTag = decoded({ title: 'BlockNumberOrTag', anyOf: numberOrTagSchemas }, decodeNumberOrTag)

/** A block number, a tag, a block hash, or an EIP-1898 object. */
export const BlockRefParam = decoded(
  {
    title: 'BlockNumberOrTagOrHash',
    anyOf: [
      ...numberOrTagSchemas,
      { type: 'string', title: 'Hash', pattern: '^0x[0-9a-f]{64}$' },
      {
        type: 'object',
        properties: { blockNumber: { anyOf: numberOrTagSchemas } },
        required: ['blockNumber'],
      },
      {
        type: 'object',
        properties: { blockHash: { type: 'string', title: 'Hash', pattern: '^0x[0-9a-f]{64}$' }, requireCanonical: { type: 'boolean' } },
        required: ['blockHash'],
      },
    ],
  },
  (value): BlockRef => {
    if (typeof value === 'string' && hashPattern.test(value)) return hashRef(value)
    return typeof value === 'object' && value !== null ? decodeObject(value) : decodeNumberOrTag(value)
  },
)

function decodeObject(value: object): BlockRef {
  const number = 'blockNumber' in value ? value.blockNumber : undefined
  const hash = 'blockHash' in value ? value.blockHash : undefined
  if (hash !== undefined && hash !== null) {
    if (number !== undefined && number !== null)
      throw new ParamProblem('cannot specify both blockHash and blockNumber, choose one or the other')
    if (typeof hash !== 'string' || !hashPattern.test(hash)) throw new ParamProblem('blockHash: expected a hash of 32 bytes')
    return hashRef(hash)
  }
  if (number === undefined || number === null) throw new ParamProblem('expected blockNumber or blockHash')
  return decodeNumberOrTag(number)
}

function hashRef(hash: string): BlockRef {
  return { kind: 'hash', hash: `0x${hash.slice(2).toLowerCase()}` }
}
