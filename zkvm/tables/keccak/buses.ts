import type { Bus } from '../../air/bus.ts'

/** States on their way between memory and the permutation: (timestamp of the call, 0 before it and 1 after it, fingerprint of the 50 words). */
export const stateBus: Bus = { name: 'keccak-state', id: 32, width: 3 }

/** What chi and iota make of a row of five digits: (digits, row after them with 32 times the round constant's bit). */
export const chiBus: Bus = { name: 'keccak-chi', id: 33, width: 2 }

/** What a row is by its place in the permutation: (round, slice, flags of `rowFlags`). */
export const scheduleBus: Bus = { name: 'keccak-schedule', id: 34, width: 3 }
