import { RLP } from '@ethereumjs/rlp'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../../core/index.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { guestStatus, runDriver } from './run.ts'

/** Whether the guest takes each of these for one canonical item. */
const judge = (cases: readonly Uint8Array[]): boolean[] =>
  runDriver('rlp', RLP.encode([...cases])).map((line) => {
    expect(['0', `${guestStatus.rlp}`]).toContain(line)
    return line === '0'
  })

function isCanonical(bytes: Uint8Array): boolean {
  try {
    return bytes.length > 0 && Buffer.compare(RLP.encode(RLP.decode(bytes)), bytes) === 0
  } catch {
    return false
  }
}

describe.skipIf(!hasCompiler())('RLP in the guest', () => {
  it('is what the library encodes, and nothing that it would encode in another way', () => {
    const { item } = fc.letrec<{ item: Uint8Array | unknown[] }>((tie) => ({
      item: fc.oneof(
        { depthSize: 'small' },
        fc.uint8Array({ maxLength: 4 }),
        fc.uint8Array({ minLength: 53, maxLength: 58 }),
        fc.uint8Array({ minLength: 254, maxLength: 258 }),
        fc.array(tie('item'), { maxLength: 5 }),
      ),
    }))
    const cases: Uint8Array[] = []
    fc.assert(
      fc.property(item, fc.nat(), fc.nat(255), (value, at, byte) => {
        const encoded = RLP.encode(value as Uint8Array)
        cases.push(encoded, encoded.with(at % encoded.length, byte), encoded.subarray(0, -1), Uint8Array.of(...encoded, byte))
      }),
      { numRuns: 1000 },
    )
    const results = judge(cases)
    for (const [i, bytes] of cases.entries()) expect(results[i], bytesToHex(bytes)).toBe(isCanonical(bytes))
  })

  it.each([
    ['nothing', []],
    ['a length that is cut', [0xb8]],
    ['a length with a leading zero', [0xb9, 0x00, 0x38, ...new Uint8Array(56)]],
    ['a long length for a short string', [0xb8, 0x37, ...new Uint8Array(55)]],
    ['a prefix for a byte that needs none', [0x81, 0x7f]],
    ['a length beyond 32 bits', [0xbc, 0x01, 0x00, 0x00, 0x00, 0x00, ...new Uint8Array(60)]],
    ['the largest length', [0xff, ...new Uint8Array(8).fill(0xff)]],
    ['the largest length of 4 bytes', [0xfb, 0xff, 0xff, 0xff, 0xff, 0x00]],
  ])('refuses %s', (_, bytes) => {
    expect(judge([Uint8Array.from(bytes)])).toEqual([false])
  })
})

if (!hasCompiler()) console.info(`tests of RLP in the guest: all skipped: ${compilerNeeded}`)
