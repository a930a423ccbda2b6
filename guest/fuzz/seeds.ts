import { RLP } from '@ethereumjs/rlp'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bigintToBytes, concatBytes, encodeProverInput } from '../../core/index.ts'
import { buildBatch } from '../../prover/testing/batch-fixture.ts'
import { decodeBlock, encodeHeader } from '../../stf/index.ts'
import { randomCase } from '../test/random-case.ts'

export const targets = ['rlp', 'trie', 'transaction', 'batch', 'evm'] as const
export type FuzzTarget = (typeof targets)[number]

const minimal = (value: bigint): Uint8Array =>
  value === 0n ? new Uint8Array(0) : bigintToBytes(value, Math.ceil(value.toString(16).length / 2))

/** guest/fuzz/evm.c: random programs, each started by a message; the differential target compares the same ones. */
function evmSeed(seed: number): Uint8Array {
  const { accounts } = randomCase(seed)
  return RLP.encode([
    accounts.map(({ address, nonce, balance, code, storage }) => [
      address,
      minimal(nonce),
      minimal(balance),
      code,
      storage.map((slot) => slot.map(minimal)),
    ]),
    accounts
      .filter(({ code }) => code.length > 0)
      .slice(0, 3)
      .map(({ address }) => [address, new Uint8Array(0), minimal(400_000n), bigintToBytes(BigInt(seed), 32)]),
  ])
}

/** A call of a precompile. */
function precompileSeed(number: number, input: Uint8Array): Uint8Array {
  return RLP.encode([[], [[minimal(BigInt(number)), new Uint8Array(0), minimal(900_000n), input]]])
}

const precompileInputs = [
  [1, 128],
  [2, 70],
  [3, 70],
  [4, 40],
  [5, 192],
  [6, 128],
  [7, 96],
  [8, 192],
  [9, 213],
  [10, 192],
  [11, 256],
  [12, 160],
  [13, 512],
  [14, 288],
  [15, 384],
  [16, 64],
  [17, 128],
  [256, 160],
] as const

const field = (value: bigint): Uint8Array => bigintToBytes(value, 64)
const { x: g1x, y: g1y } = bls12_381.G1.Point.BASE.multiply(7n).toAffine()
const { x: g2x, y: g2y } = bls12_381.G2.Point.BASE.multiply(7n).toAffine()
const g1 = concatBytes(field(g1x), field(g1y))
const g2 = concatBytes(field(g2x.c0), field(g2x.c1), field(g2y.c0), field(g2y.c1))
const scalar = new Uint8Array(32).fill(0x5a)
const bn254 = concatBytes(bigintToBytes(1n, 32), bigintToBytes(2n, 32))

/** Points that are on their curves, which no mutation finds. */
const points: readonly (readonly [number: number, input: Uint8Array])[] = [
  [6, concatBytes(bn254, bn254)],
  [7, concatBytes(bn254, scalar)],
  [11, concatBytes(g1, g1)],
  [12, concatBytes(g1, scalar)],
  [12, concatBytes(g1, scalar, g1, scalar)],
  [13, concatBytes(g2, g2)],
  [14, concatBytes(g2, scalar)],
  [15, concatBytes(g1, g2)],
]

/** Of each precompile: zeros, which stand for the point at infinity, small numbers, and points. */
const precompileSeeds = (): Uint8Array[] => [
  ...precompileInputs.flatMap(([number, length]) => [
    precompileSeed(number, new Uint8Array(length)),
    precompileSeed(
      number,
      Uint8Array.from({ length }, (_, i) => (i % 32 === 31 ? 1 + (i >> 5) : 0)),
    ),
  ]),
  ...points.map(([number, input]) => precompileSeed(number, input)),
]

/** Valid inputs to start from, made by our own code. */
export async function seedsOf(target: FuzzTarget): Promise<Uint8Array[]> {
  if (target === 'evm') {
    return [...Array.from({ length: 150 }, (_, seed) => evmSeed(1000 + seed)), ...precompileSeeds()]
  }
  const { input } = await buildBatch()
  const whole = encodeProverInput(input)
  if (target === 'batch') return [whole]
  if (target === 'rlp') return [whole, ...input.nodes, ...input.blocks]
  if (target === 'trie') return [0, 1].flatMap((mode) => input.nodes.map((node) => concatBytes(Uint8Array.of(mode), node)))
  const choose = (choice: number, bytes: Uint8Array) => concatBytes(Uint8Array.of(choice), bytes)
  const blocks = input.blocks.map((rlp) => ({ rlp, ...decodeBlock(rlp) }))
  return [
    ...blocks.map(({ header }) => choose(0, encodeHeader(header))),
    ...blocks.map(({ rlp }) => choose(1, rlp)),
    ...blocks.flatMap(({ transactions }) => transactions.map((transaction) => choose(2, transaction))),
    ...Array.from({ length: 40 }, (_, seed) => choose(2, randomCase(seed).transaction)),
  ]
}
