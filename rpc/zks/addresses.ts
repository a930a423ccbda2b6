import type { Hex } from '../../core/index.ts'

/** What zkSync's clients take for "there is none". */
export const zeroAddress: Hex = '0x0000000000000000000000000000000000000000'

/** Ether in the parameters and answers of zkSync's L1 contracts. */
export const ethInContracts: Hex = '0x0000000000000000000000000000000000000001'
