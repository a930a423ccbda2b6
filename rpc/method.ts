import type { z } from 'zod'
import type { MethodContext } from './method-context.ts'
import { InvalidParamsError } from './transport/errors.ts'

/** A JSON-RPC method: schema, documentation and code in one place. */
export interface MethodDefinition<P extends z.ZodTuple = z.ZodTuple, R extends z.ZodType = z.ZodType> {
  readonly name: string
  /** Other names for exactly the same method. */
  readonly aliases?: readonly string[]
  /** One sentence, for the reference page and OpenRPC. */
  readonly summary: string
  /** Items made by `param(name, schema)`. */
  readonly params: P
  /** What is answered. Checked by the tests, not in production. */
  readonly result: R
  handle(params: z.output<P>, context: MethodContext): z.input<R> | Promise<z.input<R>>
}

/**
 * Defines a method. Its file is named after it and exports it under its name.
 * @example
 * export const net_version = defineMethod({
 *   name: 'net_version',
 *   summary: 'Chain id as a decimal string.',
 *   params: z.tuple([]),
 *   result: z.string(),
 *   handle: (_params, { chain }) => chain.chainId.toString(),
 * })
 */
export function defineMethod<P extends z.ZodTuple, R extends z.ZodType>(definition: MethodDefinition<P, R>): MethodDefinition<P, R> {
  return definition
}

/** A definition ready to be called. */
export interface CallableMethod {
  readonly definition: MethodDefinition
  readonly minParams: number
  readonly maxParams: number
}

export function toCallable(definition: MethodDefinition): CallableMethod {
  const { items } = definition.params.def
  const required = items.filter((item) => item._zod.optin === undefined).length
  return { definition, minParams: required, maxParams: items.length }
}

/** @throws InvalidParamsError with geth's wording, and the path to the bad value */
export function callMethod(method: CallableMethod, params: unknown, context: MethodContext): unknown {
  const given = params ?? []
  if (!Array.isArray(given)) throw new InvalidParamsError('non-array args')
  if (given.length > method.maxParams) throw new InvalidParamsError(`too many arguments, want at most ${method.maxParams}`)
  if (given.length < method.minParams) throw new InvalidParamsError(`missing value for required argument ${given.length}`)
  const decoded = method.definition.params.safeParse(given)
  if (!decoded.success) throw new InvalidParamsError(describeIssue(decoded.error.issues[0]))
  return method.definition.handle(decoded.data, context)
}

function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'invalid arguments'
  const [index, ...path] = issue.path
  if (index === undefined) return issue.message
  return `invalid argument ${[index, ...path].map(String).join('.')}: ${deepest(issue)}`
}

/** Of the branches of a union, the message of the one that came furthest. */
function deepest(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message
  const branches = issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length)
  const branch = branches[0]
  if (branch === undefined) return issue.message
  const path = branch.path.length === 0 ? '' : `${branch.path.map(String).join('.')}: `
  return `${path}${deepest(branch)}`
}
