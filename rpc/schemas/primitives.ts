import { z } from 'zod'
import type { Hex } from '../../core/index.ts'

/** A parameter that cannot be decoded; becomes a zod issue at its path. */
export class ParamProblem extends Error {}

/** Schema of a JSON value that is decoded by hand. `jsonSchema` describes the input in OpenRPC and to the fuzzer. */
export function decoded<T>(jsonSchema: Readonly<Record<string, unknown>>, decode: (value: unknown) => T) {
  return z
    .unknown()
    .transform((value, context): T => {
      try {
        return decode(value)
      } catch (error) {
        if (!(error instanceof ParamProblem)) throw error
        context.issues.push({ code: 'custom', message: error.message, input: value })
        return z.NEVER
      }
    })
    .meta(jsonSchema)
}

const quantityPattern = /^0x(0|[1-9a-fA-F][0-9a-fA-F]*)$/
const hexPattern = /^0x[0-9a-fA-F]*$/

/** Quantity of at most `bits` bits, to bigint. Geth's strictness: no leading zeros. */
function quantity(bits: number) {
  return (value: unknown): bigint => decodeQuantity(value, bits)
}

export function decodeQuantity(value: unknown, bits: number): bigint {
  if (typeof value !== 'string') throw new ParamProblem(`expected a hex quantity string, got ${typeName(value)}`)
  if (!quantityPattern.test(value)) throw new ParamProblem(quantityProblem(value))
  if (value.length > 2 + bits / 4) throw new ParamProblem(`hex number > ${bits} bits`)
  return BigInt(value)
}

function quantityProblem(value: string): string {
  if (!value.startsWith('0x')) return 'hex string without 0x prefix'
  if (value === '0x') return 'hex string "0x"'
  return hexPattern.test(value) ? 'hex number with leading zero digits' : 'invalid hex string'
}

/** Bytes of a hex string. */
export function decodeData(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw new ParamProblem(`expected a hex string, got ${typeName(value)}`)
  if (!value.startsWith('0x')) throw new ParamProblem('hex string without 0x prefix')
  if (value.length % 2 !== 0) throw new ParamProblem('hex string of odd length')
  // Stops at the first character that is no hex digit, so the length tells.
  const bytes = Buffer.from(value.slice(2), 'hex')
  if (bytes.length !== value.length / 2 - 1) throw new ParamProblem('invalid hex string')
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function decodeFixed(value: unknown, length: number): Hex {
  if (typeof value !== 'string') throw new ParamProblem(`expected a hex string, got ${typeName(value)}`)
  if (!value.startsWith('0x')) throw new ParamProblem('hex string without 0x prefix')
  if (value.length !== 2 + 2 * length) throw new ParamProblem(`hex string has length ${value.length - 2}, want ${2 * length}`)
  if (!hexPattern.test(value)) throw new ParamProblem('invalid hex string')
  return `0x${value.slice(2).toLowerCase()}`
}

function typeName(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const quantitySchema = { type: 'string', title: 'Quantity', pattern: '^0x(0|[1-9a-f][0-9a-f]*)$' }

export const Quantity = decoded(quantitySchema, quantity(256))
export const Quantity64 = decoded({ ...quantitySchema, maxLength: 18 }, quantity(64))

/** Position in a list, as a quantity. */
export const Index = decoded({ ...quantitySchema, maxLength: 10 }, (value) => Number(decodeQuantity(value, 32)))

export const Data = decoded({ type: 'string', title: 'Data', pattern: '^0x([0-9a-f]{2})*$' }, decodeData)
export const Hash = decoded({ type: 'string', title: 'Hash', pattern: '^0x[0-9a-f]{64}$' }, (value) => decodeFixed(value, 32))

/** Lower-cased; a checksum is not looked at, as in geth. */
export const Address = decoded({ type: 'string', title: 'Address', pattern: '^0x[0-9a-fA-F]{40}$' }, (value) => decodeFixed(value, 20))

/** Storage slot: hex of up to 32 bytes, leading zeros or not. */
export const Slot = decoded({ type: 'string', title: 'Slot', pattern: '^0x[0-9a-f]{1,64}$' }, (value) => {
  if (typeof value !== 'string') throw new ParamProblem(`expected a hex string, got ${typeName(value)}`)
  if (!value.startsWith('0x')) throw new ParamProblem('hex string without 0x prefix')
  if (value.length < 3 || !hexPattern.test(value)) throw new ParamProblem('invalid hex string')
  if (value.length > 66) throw new ParamProblem('hex string > 32 bytes')
  return BigInt(value)
})

export const looseNumberSchema = {
  title: 'Number',
  anyOf: [
    { type: 'integer', minimum: 0 },
    { type: 'string', pattern: '^(0x[0-9a-f]{1,8}|[0-9]{1,8})$' },
  ],
}

export function decodeLooseNumber(value: unknown): number {
  const number = typeof value === 'string' && /^(0x[0-9a-fA-F]{1,14}|[0-9]{1,16})$/.test(value) ? Number(value) : value
  if (typeof number !== 'number') throw new ParamProblem(`expected a number, got ${typeName(value)}`)
  if (!Number.isSafeInteger(number) || number < 0) throw new ParamProblem('expected a whole number between 0 and 2^53 - 1')
  return number
}

/** What the dev methods take for a number: a JSON number, a decimal string or a quantity, below 2^53. */
export const LooseNumber = decoded(looseNumberSchema, decodeLooseNumber)

const maxPageSize = 1_000

/** Number of a block, as a quantity or as a JSON number: Otterscan sends either. */
export const BlockNumber = decoded(looseNumberSchema, (value) =>
  typeof value === 'string' && value.startsWith('0x') ? decodeQuantity(value, 64) : BigInt(decodeLooseNumber(value)),
)

export const PageSize = decoded({ ...looseNumberSchema, title: 'PageSize' }, (value) => {
  const size = decodeLooseNumber(value)
  if (size < 1 || size > maxPageSize) throw new ParamProblem(`expected a page size between 1 and ${maxPageSize}`)
  return size
})

/** Names a parameter in documents and error messages. */
export function param<S extends z.ZodType>(name: string, schema: S): S {
  return schema.meta({ param: name })
}
