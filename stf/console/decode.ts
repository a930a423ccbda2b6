import { bytesToBigint, bytesToHex } from '../../core/index.ts'
import { consoleArguments } from './signatures.ts'

const maxDataBytes = 65_536

/** The text of a call to the `console` library; undefined where it is no call of that library's. */
export function consoleText(data: Uint8Array): string | undefined {
  if (data.length < 4 || data.length > maxDataBytes) return undefined
  const types = consoleArguments(Buffer.from(data.buffer, data.byteOffset, 4).readUInt32BE(0))
  if (types === undefined) return undefined
  const body = data.subarray(4)
  const values: string[] = []
  for (const [index, type] of types.entries()) {
    const value = decodeArgument(type, body, index)
    if (value === undefined) return undefined
    values.push(value)
  }
  return types[0] === 'string' ? interpolate(values) : values.join(' ')
}

function decodeArgument(type: string, body: Uint8Array, index: number): string | undefined {
  const head = wordAt(body, 32 * index)
  if (head === undefined) return undefined
  switch (type) {
    case 'string':
    case 'bytes': {
      const bytes = dynamicAt(body, bytesToBigint(head))
      if (bytes === undefined) return undefined
      return type === 'string' ? new TextDecoder().decode(bytes) : bytesToHex(bytes)
    }
    case 'bool':
      return bytesToBigint(head) === 0n ? 'false' : 'true'
    case 'address':
      return bytesToHex(head.subarray(12))
    case 'uint256':
    case 'uint':
      return bytesToBigint(head).toString()
    case 'int256':
    case 'int':
      return BigInt.asIntN(256, bytesToBigint(head)).toString()
    default:
      return bytesToHex(head.subarray(0, Number(type.slice('bytes'.length))))
  }
}

function wordAt(body: Uint8Array, offset: number): Uint8Array | undefined {
  return offset + 32 > body.length ? undefined : body.subarray(offset, offset + 32)
}

/** Offset and length come from a contract, so they may be anything. */
function dynamicAt(body: Uint8Array, offset: bigint): Uint8Array | undefined {
  if (offset > BigInt(body.length)) return undefined
  const start = Number(offset) + 32
  const length = wordAt(body, Number(offset))
  if (length === undefined || bytesToBigint(length) > BigInt(body.length - start)) return undefined
  return body.subarray(start, start + Number(bytesToBigint(length)))
}

/** Fills the place holders of the first value, as `console.log` of browsers does; what is left over follows. */
function interpolate([format = '', ...values]: readonly string[]): string {
  let next = 0
  const text = format.replace(/%[sdifoOx%]/g, (holder) => {
    if (holder === '%%') return '%'
    const value = values[next]
    if (value === undefined) return holder
    next++
    return holder === '%x' && /^-?\d+$/.test(value) ? toHexadecimal(BigInt(value)) : value
  })
  return [text, ...values.slice(next)].join(' ')
}

function toHexadecimal(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`
}
