import type { Hex } from '../../core/index.ts'
import { decoded, ParamProblem } from './primitives.ts'

/** Id of a filter or subscription: any hex string is well-formed, an unknown one is answered as such. */
export const FilterId = decoded({ type: 'string', title: 'Id', pattern: '^0x[0-9a-f]{1,64}$' }, (value): Hex => {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) throw new ParamProblem('expected an id as a hex string')
  return `0x${value.slice(2).toLowerCase()}`
})
