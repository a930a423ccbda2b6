import { createHash } from 'node:crypto'
import { encodeAbiParameters, keccak256, stringToHex } from 'viem'

type Hex = `0x${string}`

const fields = [
  ['l1ChainId', 'uint256'],
  ['rollup', 'address'],
  ['l2ChainId', 'uint256'],
  ['rulesVersion', 'uint256'],
  ['batchNumber', 'uint64'],
  ['parentBlockHash', 'bytes32'],
  ['stateRootBefore', 'bytes32'],
  ['lastBlockHash', 'bytes32'],
  ['stateRootAfter', 'bytes32'],
  ['firstBlockNumber', 'uint64'],
  ['lastBlockNumber', 'uint64'],
  ['lastTimestamp', 'uint64'],
  ['stateDiffHash', 'bytes32'],
  ['inboxCountBefore', 'uint64'],
  ['inboxRootBefore', 'bytes32'],
  ['inboxCountAfter', 'uint64'],
  ['inboxRootAfter', 'bytes32'],
  ['messagesRoot', 'bytes32'],
] as const

/** Bytes of each type, as a vector shows it; numbers are decimal strings. */
const bytesOf = { uint256: 32, uint64: 8, address: 20, bytes32: 32 } as const
const isNumber = (type: keyof typeof bytesOf): boolean => type.startsWith('uint')

const show = (type: keyof typeof bytesOf, value: bigint): string =>
  isNumber(type) ? value.toString() : `0x${value.toString(16).padStart(2 * bytesOf[type], '0')}`

/** The value of a field in vector `name`: hashing the names is the seed, so a vector stays what it is when others are added. */
function drawn(name: string, field: string, bytes: number): bigint {
  const hash = createHash('sha256').update(`${name}/${field}`).digest('hex')
  return BigInt(`0x${hash.slice(0, 2 * bytes)}`)
}

/**
 * Digests of public inputs (docs/formats.md §1). Encoded by viem's ABI coder and not by core: the vectors are a third opinion besides
 * TypeScript's and Solidity's.
 */
export function publicInputsVectors(): unknown {
  const zero = { name: 'all zero', draw: () => 0n }
  const max = { name: 'all ones', draw: (type: keyof typeof bytesOf) => (1n << BigInt(8 * bytesOf[type])) - 1n }
  const singles = fields.map(([field]) => ({
    name: `only ${field}`,
    draw: (type: keyof typeof bytesOf, at: string) => (at === field ? drawn('only', field, bytesOf[type]) : 0n),
  }))
  const random = Array.from({ length: 16 }, (_, i) => ({
    name: `random ${i}`,
    draw: (type: keyof typeof bytesOf, at: string) => drawn(`random ${i}`, at, bytesOf[type]),
  }))
  return [zero, max, ...singles, ...random].map(({ name, draw }) => {
    const values = fields.map(([field, type]) => ({ field, type, value: draw(type, field) }))
    const encoded = encodeAbiParameters(
      [{ type: 'bytes32' }, ...fields.map(([, type]) => ({ type }))],
      [
        stringToHex('zkdevnet.batch.v1', { size: 32 }),
        ...values.map(({ type, value }) => (isNumber(type) ? value : (show(type, value) as Hex))),
      ],
    )
    return {
      name,
      inputs: Object.fromEntries(values.map(({ field, type, value }) => [field, show(type, value)])),
      digest: keccak256(encoded),
    }
  })
}
