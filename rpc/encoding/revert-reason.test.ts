import fc from 'fast-check'
import { encodeErrorResult } from 'viem'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../../core/index.ts'
import { decodeRevertReason } from './revert-reason.ts'

const errorAbi = [{ type: 'error', name: 'Error', inputs: [{ name: 'reason', type: 'string' }] }] as const
const panicAbi = [{ type: 'error', name: 'Panic', inputs: [{ name: 'code', type: 'uint256' }] }] as const

describe('decodeRevertReason', () => {
  it('reads Error(string)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (reason) => {
        expect(decodeRevertReason(encodeErrorResult({ abi: errorAbi, args: [reason] }))).toBe(reason)
      }),
    )
  })

  it('names the panics in geth’s words', () => {
    expect(decodeRevertReason(encodeErrorResult({ abi: panicAbi, args: [0x11n] }))).toBe('arithmetic underflow or overflow')
    expect(decodeRevertReason(encodeErrorResult({ abi: panicAbi, args: [0x99n] }))).toBe('unknown panic code: 0x99')
  })

  it('takes any other return data without an exception', () => {
    expect(decodeRevertReason('0x')).toBeUndefined()
    expect(decodeRevertReason('0x08c379a0')).toBeUndefined()
    fc.assert(
      fc.property(fc.constantFrom('08c379a0', '4e487b71', ''), fc.uint8Array({ maxLength: 150 }), (selector, body) => {
        decodeRevertReason(`0x${selector}${bytesToHex(body).slice(2)}`)
      }),
      { numRuns: 500 },
    )
    const overflowing = `0x08c379a0${'ff'.repeat(32)}${'00'.repeat(32)}` as const
    expect(decodeRevertReason(overflowing)).toBeUndefined()
  })
})
