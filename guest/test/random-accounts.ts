import { computeAddress, SigningKey } from 'ethers'

/** Who there is in random cases. */

const numbered = (n: number): bigint => 0xc0de000000000000000000000000000000000000n + BigInt(n)
const keyed = (byte: string) => {
  const key = new SigningKey(`0x${byte.repeat(32)}`)
  return { key, address: BigInt(computeAddress(key.publicKey)) }
}

export const contracts = [numbered(1), numbered(2), numbered(3), numbered(4)]
export const delegated = numbered(0x20)
export const delegatedToPrecompile = numbered(0x21)
export const delegatedToDelegated = numbered(0x22)
export const delegatedToSelf = numbered(0x23)
export const plain = numbered(0x30)
/** So much that a payment does not fit. */
export const richest = numbered(0x31)
export const absent = numbered(0x40)
export const coinbase = numbered(0x50)
export const sender = keyed('45')
/** Sign authorizations. */
export const authorities = [keyed('46'), keyed('47'), keyed('48')]
export const precompiles = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 0x100n]

export const targets = [
  ...contracts,
  ...contracts,
  ...contracts,
  delegated,
  delegatedToPrecompile,
  delegatedToDelegated,
  delegatedToSelf,
  plain,
  richest,
  absent,
  coinbase,
  sender.address,
  ...authorities.map(({ address }) => address),
  ...precompiles,
]

/** Who may inherit: an heir with 2^256 Wei is beyond what the library can write down. */
export const heirs = targets.filter((target) => target !== richest)

export const hexAddress = (address: bigint): string => `0x${address.toString(16).padStart(40, '0')}`
