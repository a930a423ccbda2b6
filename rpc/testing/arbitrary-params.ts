import fc from 'fast-check'
import type { z } from 'zod'
import { paramsOf } from '../openrpc.ts'

type Schema = Readonly<Record<string, unknown>>

/** Values that mean something to the node under test, by the title of their schema: most random ones are unknown everywhere. */
export type KnownValues = Readonly<Record<string, readonly unknown[]>>

/** What no schema would think of. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    '',
    '0x',
    '0x0',
    '0X1',
    '0x-1',
    '-0x1',
    '0x00',
    'latest',
    ' 0x1',
    '0x1\n',
    '1e9',
    'NaN',
    0,
    -1,
    1.5,
    2 ** 53,
    1e308,
  ),
  fc.constantFrom<unknown>(
    null,
    true,
    [],
    {},
    [[]],
    [null],
    { __proto__: null, constructor: 1 },
    { toString: 1 },
    JSON.parse('{"__proto__":{"a":1}}'),
  ),
  fc.nat({ max: 200 }).map((length) => `0x${'f'.repeat(length)}`),
  fc.constant(`0x${'ab'.repeat(100_000)}`),
  fc.string({ unit: 'binary' }),
)

/** Parameter lists for a method, from its own schemas: mostly well-formed, some hostile, some of the wrong length. */
export function arbitraryParams(params: z.ZodTuple, known: KnownValues): fc.Arbitrary<unknown> {
  const items = paramsOf(params).map(({ required, schema }) => {
    const value = fc.oneof({ weight: 12, arbitrary: fromSchema(schema, known) }, { weight: 1, arbitrary: hostile })
    return required ? value : fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) })
  })
  const list = fc.tuple(...items)
  const cut = fc.tuple(list, fc.nat({ max: items.length })).map(([values, length]): unknown[] => values.slice(0, length))
  const extended = fc.tuple(list, hostile).map(([values, extra]): unknown[] => [...values, extra])
  return fc.oneof(
    { weight: 10, arbitrary: list },
    { weight: 4, arbitrary: cut },
    { weight: 1, arbitrary: extended },
    { weight: 1, arbitrary: hostile },
  )
}

function fromSchema(schema: unknown, known: KnownValues): fc.Arbitrary<unknown> {
  if (!isSchema(schema)) return fc.jsonValue()
  const { title } = schema
  const values = typeof title === 'string' ? (known[title] ?? []) : []
  const made = fromShape(schema, known)
  return values.length === 0 ? made : fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: made })
}

function fromShape(schema: Schema, known: KnownValues): fc.Arbitrary<unknown> {
  if (schema.title === 'Quantity')
    return fc.oneof(
      fc.nat({ max: 20 }).map((n) => `0x${n.toString(16)}`),
      pattern(schema),
    )
  // Small, because blocks that are mined and seconds that are skipped add up.
  if (schema.title === 'Number') {
    return fc.oneof(
      fc.nat({ max: 9 }),
      fc.nat({ max: 9 }).map(String),
      fc.nat({ max: 9 }).map((n) => `0x${n}`),
    )
  }
  if (Array.isArray(schema.anyOf)) return fc.oneof(...schema.anyOf.map((branch) => fromSchema(branch, known)))
  if (Array.isArray(schema.enum)) return fc.constantFrom<unknown>(...schema.enum)
  return fromType(schema, known)
}

function fromType(schema: Schema, known: KnownValues): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'string':
      return pattern(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'integer':
      return fc.integer()
    case 'number':
      return fc.double({ min: 0, max: 100, noNaN: true })
    case 'array':
      return fc.array(fromSchema(schema.items, known), { maxLength: 3 })
    case 'object':
      return objectFrom(schema, known)
    default:
      return fc.jsonValue()
  }
}

function objectFrom(schema: Schema, known: KnownValues): fc.Arbitrary<unknown> {
  const { properties, propertyNames, additionalProperties } = schema
  if (!isSchema(properties)) {
    return fc.dictionary(fromSchema(propertyNames ?? { type: 'string' }, known).map(String), fromSchema(additionalProperties, known), {
      maxKeys: 2,
    })
  }
  const fields = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, fromSchema(property, known)]))
  const required = Array.isArray(schema.required) ? schema.required : []
  // Few fields at a time: with all of them at once, one excludes another and nothing is executed.
  const optional = Object.keys(fields).filter((name) => !required.includes(name))
  return fc
    .subarray(optional, { maxLength: Math.min(3, optional.length) })
    .chain((chosen) => fc.record(Object.fromEntries([...required, ...chosen].map((name) => [name, fields[name] ?? hostile]))))
}

function pattern(schema: Schema): fc.Arbitrary<unknown> {
  return typeof schema.pattern === 'string' ? fc.stringMatching(new RegExp(schema.pattern)) : fc.string()
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null
}
