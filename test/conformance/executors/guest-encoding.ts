import { bigintToBytes } from '../../../core/index.ts'
import { type Fork, forks } from '../cases.ts'

export type Item = Uint8Array | readonly Item[]

export const minimal = (value: bigint): Uint8Array =>
  value === 0n ? new Uint8Array(0) : bigintToBytes(value, Math.ceil(value.toString(16).length / 2))

export const word = (value: bigint): Uint8Array => bigintToBytes(value, 32)

/** As guest/src/evm/fork.h numbers them. */
export const forkNumber = (fork: Fork): Uint8Array => minimal(BigInt(forks.indexOf(fork)))
