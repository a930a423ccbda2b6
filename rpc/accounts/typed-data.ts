import { z } from 'zod'
import { decoded, ParamProblem } from '../schemas/primitives.ts'
import { InvalidParamsError } from '../transport/errors.ts'

const TypedDataObject = z.object({
  domain: z.record(z.string(), z.unknown()),
  types: z.record(z.string(), z.array(z.object({ name: z.string(), type: z.string() }))),
  primaryType: z.string(),
  message: z.record(z.string(), z.unknown()),
})

export type TypedData = z.output<typeof TypedDataObject>

export class InvalidTypedDataError extends InvalidParamsError {
  override name = 'InvalidTypedDataError'
  constructor(cause: unknown) {
    super(`invalid typed data: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`)
  }
}

/** EIP-712 typed data, as an object or as its JSON text. */
export const TypedDataParam = decoded(
  {
    title: 'TypedData',
    type: 'object',
    properties: {
      domain: { type: 'object' },
      types: { type: 'object' },
      primaryType: { type: 'string' },
      message: { type: 'object' },
    },
    required: ['domain', 'types', 'primaryType', 'message'],
  },
  (value): TypedData => {
    const parsed = TypedDataObject.safeParse(typeof value === 'string' ? parseJson(value) : value)
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    throw new ParamProblem(`typed data: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? 'is invalid'}`)
  },
)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ParamProblem('typed data is not valid JSON')
  }
}
