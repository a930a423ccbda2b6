import { decodeStateFile } from '../dev/state-file.ts'
import { decodeData, decoded } from './primitives.ts'

/** Accounts of a dumped state. */
export const StateFileParam = decoded({ type: 'string', title: 'Data', pattern: '^0x([0-9a-f]{2})*$' }, (value) =>
  decodeStateFile(decodeData(value)),
)
