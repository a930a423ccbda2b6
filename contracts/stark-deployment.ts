import { bytesToHex, type Hex } from '../core/index.ts'

/** EIP-170. A byte 0 in front keeps anybody from running the data. */
const maxDataBytes = 24_576 - 1

/** What creates the contracts whose code is an AIR (zkvm/stark/air-code.ts), the parts in order; at least one, which may be empty. */
export function dataCreationCodes(data: Uint8Array): Hex[] {
  const parts = Math.max(1, Math.ceil(data.length / maxDataBytes))
  return Array.from({ length: parts }, (_, index) => creationCodeOf(data.subarray(index * maxDataBytes, (index + 1) * maxDataBytes)))
}

/** PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE (0), CODECOPY, RETURNDATASIZE (0), RETURN: returns what follows these ten bytes. */
function creationCodeOf(data: Uint8Array): Hex {
  const length = data.length + 1
  return bytesToHex(Uint8Array.from([0x61, length >> 8, length & 0xff, 0x80, 0x60, 10, 0x3d, 0x39, 0x3d, 0xf3, 0, ...data]))
}
