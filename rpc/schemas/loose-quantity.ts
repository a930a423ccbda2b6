import { decoded, ParamProblem } from './primitives.ts'

const pattern = /^(0x[0-9a-fA-F]{1,64}|[0-9]{1,78})$/

/** What the dev methods take for an amount: a quantity, leading zeros or not, a decimal string or a JSON number. */
function loose(bits: number) {
  const schema = {
    title: 'Amount',
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^(0x[0-9a-f]{1,8}|[0-9]{1,8})$' },
    ],
  }
  return decoded(schema, (value) => {
    const amount = toBigint(value)
    if (amount >= 2n ** BigInt(bits)) throw new ParamProblem(`number > ${bits} bits`)
    return amount
  })
}

function toBigint(value: unknown): bigint {
  if (typeof value === 'string' && pattern.test(value)) return BigInt(value)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  throw new ParamProblem('expected a hex quantity, a decimal string or a whole number')
}

export const LooseQuantity = loose(256)
export const LooseQuantity64 = loose(64)
