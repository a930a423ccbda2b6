import { modulo } from '../../../isa/system/integers.ts'
import { prime } from '../operations.ts'

export const generator = [
  0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
] as const

/** Of the group. */
export const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** Two pairs of coordinates, on no curve in particular, whose line has this third point, mirrored. */
export function pointWith({
  x3,
  y3,
  x1 = 0x1234_5678n,
  slope = 0x9876_5432_1012n,
}: {
  readonly x3: bigint
  readonly y3: bigint
  readonly x1?: bigint
  readonly slope?: bigint
}): { readonly operands: readonly [bigint, bigint, bigint, bigint]; readonly slope: bigint } {
  const x2 = modulo(slope * slope - x1 - x3, prime)
  const y1 = modulo(slope * (x1 - x3) - y3, prime)
  const y2 = modulo(y1 + slope * (x2 - x1), prime)
  return { operands: [x1, y1, x2, y2], slope }
}
