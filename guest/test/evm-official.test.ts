import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bigintToBytes } from '../../core/index.ts'
import { hasOfficialTests, officialTests, officialTestsArchive } from '../../stf/testing/official-tests.ts'
import { compilerNeeded, hasCompiler } from '../build.ts'
import { bytesOf, type Fork, runStateCases, type StateCase } from './evm-state.ts'
import { guestStatus } from './run.ts'

const Post = z.object({ hash: z.string(), logs: z.string(), txbytes: z.string(), expectException: z.string().optional() })
const StateTests = z.record(
  z.string(),
  z.object({
    env: z.object({
      currentCoinbase: z.string(),
      currentGasLimit: z.string(),
      currentNumber: z.string(),
      currentTimestamp: z.string(),
      currentRandom: z.string().default('0x00'),
      currentBaseFee: z.string().default('0x0a'),
      currentExcessBlobGas: z.string().default('0x00'),
    }),
    pre: z.record(
      z.string(),
      z.object({ nonce: z.string(), balance: z.string(), code: z.string(), storage: z.record(z.string(), z.string()) }),
    ),
    post: z.object({ Cancun: z.array(Post).default([]), Prague: z.array(Post).default([]), Osaka: z.array(Post).default([]) }),
  }),
)
type StateTest = z.infer<typeof StateTests>[string]

interface Vector {
  readonly name: string
  readonly test: StateCase
  readonly hash: string
  readonly logs: string
}

const blobFeeFraction: Record<Fork, bigint> = { Cancun: 3338477n, Prague: 5007716n, Osaka: 5007716n }

/** EIP-4844's fake_exponential with a factor of 1. */
function blobBaseFee(excess: bigint, fraction: bigint): bigint {
  let sum = 0n
  for (let term = fraction, i = 1n; term > 0n; i++) {
    sum += term
    term = (term * excess) / (fraction * i)
  }
  return sum / fraction
}

function toCase(fork: Fork, { env, pre }: StateTest, txbytes: string): StateCase {
  return {
    fork,
    hasBlobs: true,
    block: {
      number: BigInt(env.currentNumber),
      timestamp: BigInt(env.currentTimestamp),
      gasLimit: BigInt(env.currentGasLimit),
      chainId: 1n,
      coinbase: bytesOf(env.currentCoinbase),
      prevRandao: bigintToBytes(BigInt(env.currentRandom), 32),
      baseFee: BigInt(env.currentBaseFee),
      blobBaseFee: blobBaseFee(BigInt(env.currentExcessBlobGas), blobFeeFraction[fork]),
    },
    accounts: Object.entries(pre).map(([address, { nonce, balance, code, storage }]) => ({
      address: bytesOf(address),
      nonce: BigInt(nonce),
      balance: BigInt(balance),
      code: bytesOf(code),
      storage: Object.entries(storage).map(([key, value]) => [BigInt(key), BigInt(value)] as const),
    })),
    transaction: bytesOf(txbytes),
  }
}

/** How many blobs a block may have is a rule for its header, which a state test does not have. */
const isAboutHeader = (exception = ''): boolean => /BLOB_COUNT|BLOB_GAS/.test(exception)

function vectors(folder: string, postsPerTest: number): Vector[] {
  const found: Vector[] = []
  for (const [file, content] of officialTests(folder))
    for (const [name, test] of Object.entries(StateTests.parse(content)))
      for (const fork of ['Cancun', 'Prague', 'Osaka'] as const)
        for (const [i, { hash, logs, txbytes, expectException }] of test.post[fork].slice(0, postsPerTest).entries())
          if (!isAboutHeader(expectException))
            found.push({ name: `${file} ${name} ${fork} ${i}`, test: toCase(fork, test, txbytes), hash, logs })
  return found
}

const missingProgram = !hasCompiler() ? compilerNeeded : !hasOfficialTests ? `${officialTestsArchive} does not exist` : ''

describe.skipIf(missingProgram !== '')(`the guest on official state tests${missingProgram && ` (skipped: ${missingProgram})`}`, () => {
  it.each([
    ['OsakaStateTests', 1000, 600],
    ['GeneralStateTests', 1, 1000],
  ])('has the roots and logs of %s, at most %i transactions of each test', { timeout: 240_000 }, (folder, posts, atLeast) => {
    const cases = vectors(folder, posts)
    const outcomes = runStateCases(cases.map(({ test }) => test))
    let ran = 0
    for (const [i, { name, hash, logs }] of cases.entries()) {
      const outcome = outcomes[i]
      // Precompile 0x0a, the only one that these tests reach and this build lacks.
      if (outcome?.status === guestStatus.unsupported && outcome.detail === 0x0a) continue
      expect({ name, stateRoot: outcome?.stateRoot, logsHash: outcome?.logsHash }).toEqual({ name, stateRoot: hash, logsHash: logs })
      ran++
    }
    console.info(`guest, ${folder}: ${ran} ran, ${cases.length - ran} skipped (precompile 0x0a)`)
    expect(ran).toBeGreaterThan(atLeast)
  })
})
