import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { SigningKey } from 'ethers'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { bigintToBytes } from '../../core/index.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { askGuest, expectAgreement, join, word } from './precompile-calls.ts'

const gas = fc.oneof({ arbitrary: fc.constant(10_000_000n), weight: 4 }, { arbitrary: fc.bigInt(0n, 200_000n), weight: 1 })
const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
const secpOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const bnPrime = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const bnOrder = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

/** Where most of the input holds, one word may be anything. */
function spoiled(input: Uint8Array, at: number, value: bigint): Uint8Array {
  const copy = Uint8Array.from(input)
  copy.set(word(value).subarray(0, copy.length - 32 * at), 32 * at)
  return copy
}
const spoil = (input: fc.Arbitrary<Uint8Array>, limit: bigint) => {
  const value = fc.oneof(fc.constantFrom(0n, 1n, limit - 1n, limit, limit + 1n, (1n << 256n) - 1n), fc.bigInt(0n, (1n << 256n) - 1n))
  return fc.oneof(
    input,
    fc
      .tuple(input, fc.nat(), value)
      .map(([good, at, bad]) => (good.length < 32 ? good : spoiled(good, at % Math.floor(good.length / 32), bad))),
  )
}

const signature = fc.tuple(fc.bigInt(1n, secpOrder - 1n), fc.bigInt(0n, (1n << 256n) - 1n)).map(([privateKey, hash]) => {
  const { r, s, v } = new SigningKey(word(privateKey)).sign(word(hash))
  return join(word(hash), word(BigInt(v)), word(BigInt(r)), word(BigInt(s)))
})
const generatorX = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n
// With r = s = hash = x of the generator, the key is infinity for one parity and twice something for the other.
const steered = fc.constantFrom(27n, 28n).map((v) => join(word(generatorX), word(v), word(generatorX), word(generatorX)))

const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const p256Signature = fc.uint8Array({ maxLength: 40 }).map((message) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const rs = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return join(createHash('sha256').update(message).digest(), rs, Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url'))
})

const big = fc.oneof(
  bytes(80),
  fc.tuple(bytes(40), fc.nat(40)).map(([head, zeros]) => join(head, new Uint8Array(zeros))),
  fc.tuple(fc.nat(80), fc.constantFrom(0, 1, 0x80, 0xff)).map(([length, byte]) => new Uint8Array(length).fill(byte)),
)
const modexp = fc.tuple(big, big, big).map((parts) => join(...parts.map((part) => word(BigInt(part.length))), ...parts))

const infinityOfG1 = join(word(0n), word(0n))
const generator = join(word(1n), word(2n))
const scalar = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, bnOrder - 1n, bnOrder, bnOrder + 1n, (1n << 256n) - 1n),
  fc.bigInt(0n, (1n << 256n) - 1n),
)
const g2Generator = join(
  ...[
    0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2n,
    0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6edn,
    0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975bn,
    0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daan,
  ].map(word),
)

/** Multiples of the generator of G1, computed by the guest and checked by the library in a test of their own. */
function multiples(scalars: readonly bigint[]): Uint8Array[] {
  const calls = scalars.map((factor) => ({ number: 7, gas: 6000n, input: join(generator, word(factor)) }))
  return askGuest(calls).map((line) => Uint8Array.from(Buffer.from(line.split(' 0x')[1] ?? '', 'hex')))
}

describe.skipIf(!hasCompiler())(
  `the guest's precompiles${hasCompiler() ? '' : ` (skipped: ${compilerNeeded})`}`,
  { timeout: 120_000 },
  () => {
    it.each([
      ['ecrecover', 1, fc.oneof(spoil(signature, secpOrder), steered, bytes(140)), 120],
      ['SHA-256', 2, bytes(300), 150],
      ['RIPEMD-160', 3, bytes(300), 150],
      ['identity', 4, bytes(300), 50],
      ['modexp', 5, fc.oneof(modexp, bytes(120), spoil(modexp, 1024n)), 400],
      [
        'bn254 multiplication',
        7,
        spoil(
          fc.tuple(fc.constantFrom(generator, infinityOfG1), scalar).map(([p, k]) => join(p, word(k))),
          bnPrime,
        ),
        80,
      ],
      ['P-256 verification', 0x100, fc.oneof(spoil(p256Signature, p256Order), bytes(170)), 60],
    ] as const)('agree with the library on %s', async (_name, number, input, count) => {
      const calls = fc.sample(fc.record({ number: fc.constant(number), gas, input: input as fc.Arbitrary<Uint8Array> }), { numRuns: count })
      await expectAgreement(calls)
    })

    it('agree with the library on BLAKE2 F', async () => {
      const input = fc
        .tuple(
          fc.oneof(fc.nat(40), fc.constant(0xffffffff)),
          fc.uint8Array({ minLength: 208, maxLength: 208 }),
          fc.constantFrom(0, 1, 1, 2),
        )
        .map(([rounds, body, last]) => join(bigintToBytes(BigInt(rounds), 4), body, Uint8Array.of(last)))
      await expectAgreement(fc.sample(fc.record({ number: fc.constant(9), gas, input: fc.oneof(input, bytes(220)) }), { numRuns: 120 }))
    })

    it('agree with the library on bn254 addition', async () => {
      const points = [infinityOfG1, ...multiples([1n, 2n, 3n, bnOrder - 1n, bnOrder - 2n, 123456789n])]
      const input = fc.tuple(fc.constantFrom(...points), fc.constantFrom(...points)).map((pair) => join(...pair))
      await expectAgreement(
        fc.sample(fc.record({ number: fc.constant(6), gas, input: fc.oneof(spoil(input, bnPrime), bytes(140)) }), { numRuns: 120 }),
      )
    })

    it('agree with the library on bn254 pairings', async () => {
      const factors = [1n, 2n, 77n, bnOrder - 1n, bnOrder - 3n, bnOrder - 78n]
      const pairs = [infinityOfG1, ...multiples(factors)].map((p) => join(p, g2Generator))
      const withInfinity = [...pairs, join(generator, new Uint8Array(128))]
      const input = fc.array(fc.constantFrom(...withInfinity), { maxLength: 4 }).map((list) => join(...list))
      const ones = [[0, 3], [1, 1, 4, 0, 0], [2, 5, 0], []].map((indices) => join(...indices.map((i) => pairs[i + 1] ?? new Uint8Array(0))))
      const sampled = fc.sample(fc.oneof({ arbitrary: input, weight: 3 }, spoil(input, bnPrime)), { numRuns: 25 })
      await expectAgreement([...ones, ...sampled].map((data) => ({ number: 8, gas: 1_000_000n, input: data })))
    })
  },
)
