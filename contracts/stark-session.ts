import { encodeFunctionData } from 'viem'
import { bytesToHex, type Hex } from '../core/index.ts'
import { machineVerifierAbi } from './generated/index.ts'

/** What one transaction on Ethereum may have: geth's limit for its bytes, and EIP-7825's for its gas. */
export const transactionLimits = { bytes: 128 * 1024, gas: 16_777_216n } as const

/** A proof cut into transactions, as zkvm's `cutSession` gives it. */
export interface SessionParts {
  readonly statement: { readonly key: Uint8Array; readonly publicValues: Uint8Array }
  readonly header: Uint8Array
  readonly segments: readonly {
    readonly begin: { readonly proof: Uint8Array; readonly count: number }
    readonly context: Uint8Array
    readonly runs: readonly { readonly from: number; readonly count: number; readonly openings: Uint8Array }[]
  }[]
}

/** A call of the verifier. All calls of one segment but its first one may go in any order; `register` needs all others. */
export interface SessionCall {
  readonly kind: 'begin' | 'resume' | 'register'
  readonly segment: number
  /** Whose openings it brings; none for `register`. */
  readonly queries: { readonly from: number; readonly count: number }
  readonly data: Hex
}

/** The calls that make a proof a fact on L1, in an order that works. */
export function sessionCalls({ statement, header, segments }: SessionParts): SessionCall[] {
  const encodedStatement = { key: bytesToHex(statement.key), publicValues: bytesToHex(statement.publicValues) }
  const encodedHeader = bytesToHex(header)
  const calls = segments.flatMap(({ begin, context, runs }, segment): SessionCall[] => [
    {
      kind: 'begin',
      segment,
      queries: { from: 0, count: begin.count },
      data: encodeFunctionData({
        abi: machineVerifierAbi,
        functionName: 'begin',
        args: [encodedStatement, encodedHeader, BigInt(segment), bytesToHex(begin.proof), BigInt(begin.count)],
      }),
    },
    ...runs.map(({ from, count, openings }) => ({
      kind: 'resume' as const,
      segment,
      queries: { from, count },
      data: encodeFunctionData({
        abi: machineVerifierAbi,
        functionName: 'resume',
        args: [bytesToHex(context), BigInt(from), BigInt(count), bytesToHex(openings)],
      }),
    })),
  ])
  const register = encodeFunctionData({ abi: machineVerifierAbi, functionName: 'register', args: [encodedStatement, encodedHeader] })
  return [...calls, { kind: 'register', segment: segments.length - 1, queries: { from: 0, count: 0 }, data: register }]
}
