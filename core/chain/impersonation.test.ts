import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hex } from '../hex.ts'
import { impersonatedSender, impersonationSignature } from './impersonation.ts'

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const address = fc.bigInt({ min: 0n, max: 2n ** 160n - 1n }).map((value): Hex => `0x${value.toString(16).padStart(40, '0')}`)

describe('impersonation signatures', () => {
  it('name their sender and are never valid', () => {
    fc.assert(
      fc.property(address, (sender) => {
        const signature = impersonationSignature(sender)
        expect(impersonatedSender(signature)).toBe(sender)
        expect(signature.s > curveOrder / 2n).toBe(true)
        expect(signature.r > 0n && signature.r < curveOrder).toBe(true)
      }),
    )
  })

  it('are told from those that are valid', () => {
    const scalar = fc.bigInt({ min: 1n, max: curveOrder - 1n })
    fc.assert(
      fc.property(scalar, scalar, (r, s) => {
        expect(impersonatedSender({ r, s: s > curveOrder / 2n ? curveOrder - s : s })).toBeUndefined()
      }),
    )
  })

  it('are not taken with an r of another form', () => {
    const { s } = impersonationSignature(`0x${'11'.repeat(20)}`)
    for (const r of [0n, 1n, 2n ** 160n - 1n, 2n ** 161n, 2n ** 255n]) expect(impersonatedSender({ r, s })).toBeUndefined()
  })
})
