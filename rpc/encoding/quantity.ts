import type { Hex } from '../../core/index.ts'

/** JSON-RPC quantity: shortest hexadecimal, `0x0` for zero. */
export function toQuantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`
}
