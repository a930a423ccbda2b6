import { spawnSync } from 'node:child_process'
import { RLP } from '@ethereumjs/rlp'
import { bigintToBytes, type Hex, hexToBytes } from '../../core/index.ts'
import { buildTestDriver } from '../build.ts'

/** As guest/src/evm/fork.h numbers them. */
export const forks = { Cancun: 0, Prague: 1, Osaka: 2 } as const
export type Fork = keyof typeof forks

export interface StateCase {
  readonly fork: Fork
  readonly hasBlobs: boolean
  readonly block: {
    readonly number: bigint
    readonly timestamp: bigint
    readonly gasLimit: bigint
    readonly chainId: bigint
    readonly coinbase: Uint8Array
    readonly prevRandao: Uint8Array
    readonly baseFee: bigint
    readonly excessBlobGas: bigint
  }
  readonly accounts: readonly StateAccount[]
  /** Hashes of the blocks from `first` on, for forks whose state does not hold them. */
  readonly ancestors?: { readonly first: bigint; readonly hashes: readonly Uint8Array[] }
  readonly transaction: Uint8Array
}

export interface StateAccount {
  readonly address: Uint8Array
  readonly nonce: bigint
  readonly balance: bigint
  readonly code: Uint8Array
  readonly storage: readonly (readonly [key: bigint, value: bigint])[]
}

export interface StateOutcome {
  /** src/base/status.h */
  readonly status: number
  readonly detail: number
  readonly succeeded: boolean
  readonly gasUsed: bigint
  readonly stateRoot: Hex
  readonly logsHash: Hex
}

const minimal = (value: bigint): Uint8Array =>
  value === 0n ? new Uint8Array(0) : bigintToBytes(value, Math.ceil(value.toString(16).length / 2))

function encode({ fork, hasBlobs, block, accounts, ancestors, transaction }: StateCase) {
  return [
    minimal(BigInt(forks[fork])),
    minimal(hasBlobs ? 1n : 0n),
    [
      ...[block.number, block.timestamp, block.gasLimit, block.chainId].map(minimal),
      block.coinbase,
      block.prevRandao,
      minimal(block.baseFee),
      minimal(block.excessBlobGas),
    ],
    accounts.map(({ address, nonce, balance, code, storage }) => [
      address,
      minimal(nonce),
      minimal(balance),
      code,
      storage.map((slot) => slot.map(minimal)),
    ]),
    minimal(ancestors?.first ?? 0n),
    [...(ancestors?.hashes ?? [])],
    transaction,
  ]
}

function decode(line: string): StateOutcome {
  const [status, detail, succeeded, gasUsed, stateRoot, logsHash] = line.split(' ')
  if (gasUsed === undefined || logsHash === undefined) throw new Error(`The driver prints ${line}.`)
  return {
    status: Number(status),
    detail: Number(detail),
    succeeded: succeeded === '1',
    gasUsed: BigInt(gasUsed),
    stateRoot: stateRoot as Hex,
    logsHash: logsHash as Hex,
  }
}

/** The input of guest/test/evm-state.c. */
export const encodeStateCases = (cases: readonly StateCase[]): Uint8Array => RLP.encode(cases.map(encode))

/** Executes each transaction on its own state in the guest (guest/test/evm-state.c). */
export function runStateCases(cases: readonly StateCase[], { sanitize = true }: { readonly sanitize?: boolean } = {}): StateOutcome[] {
  const input = encodeStateCases(cases)
  const { status, stdout, stderr, signal } = spawnSync(buildTestDriver('evm-state', { sanitize }), {
    input,
    maxBuffer: 2 ** 28,
    encoding: 'utf8',
  })
  const lines = stdout.split('\n').slice(0, -1)
  if (status !== 0) throw new Error(`The driver crashed after ${lines.length} of ${cases.length} cases: ${status ?? signal} ${stderr}`)
  return lines.map(decode)
}

export const bytesOf = (hex: string): Uint8Array => hexToBytes(hex as Hex)
