import { bytesToBigint, bytesToHex } from '../../core/index.ts'

const errorSelector = '0x08c379a0'
const panicSelector = '0x4e487b71'

const panics: Readonly<Record<string, string>> = {
  '0': 'generic panic',
  '1': 'assert(false)',
  '17': 'arithmetic underflow or overflow',
  '18': 'division or modulo by zero',
  '33': 'enum overflow',
  '34': 'invalid encoded storage byte array accessed',
  '49': 'out-of-bounds array access; popping on an empty array',
  '50': 'out-of-bounds access of an array or bytesN',
  '65': 'out of memory',
  '81': 'uninitialized function',
}

/** The text of Solidity's `Error(string)` or `Panic(uint256)`, in geth's words; undefined for any other return data. */
export function revertReason(returnData: Uint8Array): string | undefined {
  const selector = bytesToHex(returnData.subarray(0, 4))
  if (selector === panicSelector && returnData.length === 36) {
    const code = bytesToBigint(returnData.subarray(4))
    return panics[code.toString()] ?? `unknown panic code: 0x${code.toString(16)}`
  }
  if (selector !== errorSelector || returnData.length < 68) return undefined
  const offset = bytesToBigint(returnData.subarray(4, 36))
  const length = bytesToBigint(returnData.subarray(36, 68))
  if (offset !== 32n || length > BigInt(returnData.length - 68)) return undefined
  return new TextDecoder().decode(returnData.subarray(68, 68 + Number(length)))
}
