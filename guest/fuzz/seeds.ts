import { RLP } from '@ethereumjs/rlp'
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

/** A call of each precompile with an input that its checks let pass half of the time. */
function precompileSeed(number: number, length: number): Uint8Array {
  const input = Uint8Array.from({ length }, (_, i) => (i % 32 === 31 ? 1 + (i >> 5) : 0))
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

/** Valid inputs to start from, made by our own code. */
export async function seedsOf(target: FuzzTarget): Promise<Uint8Array[]> {
  if (target === 'evm') {
    return [
      ...Array.from({ length: 150 }, (_, seed) => evmSeed(1000 + seed)),
      ...precompileInputs.map(([number, length]) => precompileSeed(number, length)),
    ]
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
