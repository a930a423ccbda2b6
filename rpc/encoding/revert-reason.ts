import { bytesToBigint, type Hex, hexToBytes } from '../../core/index.ts'

const errorSelector = '0x08c379a0'
const panicSelector = '0x4e487b71'

/** Solidity's panic codes, in geth's words. */
const panicReasons: Readonly<Record<string, string>> = {
  0: 'generic panic',
  1: 'assert(false)',
  17: 'arithmetic underflow or overflow',
  18: 'division or modulo by zero',
  33: 'enum overflow',
  34: 'invalid encoded storage byte array accessed',
  49: 'out-of-bounds array access; popping on an empty array',
  50: 'out-of-bounds access of an array or bytesN',
  65: 'out of memory',
  81: 'uninitialized function',
}

/** Text of `Error(string)` or `Panic(uint256)`; undefined for any other return data. */
export function decodeRevertReason(data: Hex): string | undefined {
  const selector = data.slice(0, 10)
  const body = hexToBytes(`0x${data.slice(10)}`)
  if (selector === panicSelector && body.length >= 32) {
    const code = bytesToBigint(body.subarray(0, 32))
    return panicReasons[code.toString()] ?? `unknown panic code: 0x${code.toString(16)}`
  }
  return selector === errorSelector ? decodeString(body) : undefined
}

/** One ABI-encoded string. Offsets and lengths come from a contract, so they may be anything. */
function decodeString(body: Uint8Array): string | undefined {
  const offset = wordAt(body, 0)
  if (offset === undefined) return undefined
  const length = wordAt(body, offset)
  if (length === undefined || offset + 32 + length > body.length) return undefined
  return new TextDecoder().decode(body.subarray(offset + 32, offset + 32 + length))
}

function wordAt(body: Uint8Array, offset: number): number | undefined {
  if (offset + 32 > body.length) return undefined
  const value = bytesToBigint(body.subarray(offset, offset + 32))
  return value > BigInt(body.length) ? undefined : Number(value)
}
