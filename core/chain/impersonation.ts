import type { Hex } from '../hex.ts'

/** Half of secp256k1's order rounded up to 255 bits: no valid signature has an `s` this high (EIP-2), and libraries still format it. */
const marker = 2n ** 255n - 1n
const addressBits = 160n

export interface TransactionSignature {
  readonly r: bigint
  readonly s: bigint
  readonly yParity: number
}

/**
 * What stands in the place of the signature of a transaction that an impersonated account sent. It names the sender, so each sender's
 * transaction has its own hash; nothing that checks signatures, the guest included, takes it for one.
 */
export function impersonationSignature(sender: Hex): TransactionSignature {
  return { r: 2n ** addressBits + BigInt(sender), s: marker, yParity: 0 }
}

/** The sender that such a signature names; undefined for any other. */
export function impersonatedSender({ r, s }: Pick<TransactionSignature, 'r' | 's'>): Hex | undefined {
  if (s !== marker || r >> addressBits !== 1n) return undefined
  return `0x${(r - 2n ** addressBits).toString(16).padStart(40, '0')}`
}
