import { RLP } from '@ethereumjs/rlp'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bigintToMinimalBytes } from '../../core/index.ts'
import { decodeAccount, encodeAccount } from './account-rlp.ts'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const small = fc.constantFrom(0n, 1n, 127n, 128n, 255n, 256n)

it('an account is encoded as the reference implementation does, and read back', () => {
  const nonce = fc.oneof(small, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
  const balance = fc.oneof(small, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }))
  fc.assert(
    fc.property(nonce, balance, hash, hash, (nonce, balance, storageRoot, codeHash) => {
      const rlp = encodeAccount({ nonce, balance, codeHash }, storageRoot)
      expect(rlp).toEqual(RLP.encode([bigintToMinimalBytes(nonce), bigintToMinimalBytes(balance), storageRoot, codeHash]))
      expect(decodeAccount(rlp)).toEqual({ account: { nonce, balance, codeHash }, storageRoot })
    }),
  )
})

const one = Uint8Array.of(1)
const someHash = new Uint8Array(32).fill(7)

it.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array(0)],
  ['a string', RLP.encode(new Uint8Array(70))],
  ['three fields', RLP.encode([one, someHash, someHash])],
  ['five fields', RLP.encode([one, one, someHash, someHash, one])],
  ['a list for a balance', RLP.encode([one, [one], someHash, someHash])],
  ['a root of 31 bytes', RLP.encode([one, one, new Uint8Array(31), someHash])],
  ['a code hash of 33 bytes', RLP.encode([one, one, someHash, new Uint8Array(33)])],
  ['a balance of 33 bytes', RLP.encode([one, new Uint8Array(33), someHash, someHash])],
  ['an end that is missing', RLP.encode([one, one, someHash, someHash]).subarray(0, 60)],
  ['something after it', Uint8Array.from([...RLP.encode([one, one, someHash, someHash]), 0])],
])('is not taken for an account: %s', (_, rlp) => {
  expect(() => decodeAccount(rlp)).toThrow(expect.objectContaining({ code: 'INVALID_ACCOUNT' }))
})
