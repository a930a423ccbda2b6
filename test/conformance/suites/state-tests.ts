import { z } from 'zod'
import { bigintToBytes } from '../../../core/index.ts'
import { type ArchiveEntry, isFork } from '../cases.ts'
import { Accounts, Address, Bytes, malformed, Quantity } from './json.ts'

const Post = z.object({
  hash: z.string(),
  logs: z.string(),
  txbytes: Bytes,
  expectException: z.string().optional(),
  indexes: z.object({ data: z.number(), gas: z.number(), value: z.number() }),
})

const StateTest = z.object({
  env: z.object({
    currentCoinbase: Address,
    currentGasLimit: Quantity,
    currentNumber: Quantity,
    currentTimestamp: Quantity,
    currentRandom: Quantity.default(0n),
    // What ethereum/tests fills its tests with where they name none.
    currentBaseFee: Quantity.default(10n),
    currentExcessBlobGas: Quantity.default(0n),
  }),
  pre: Accounts,
  config: z.object({ chainid: Quantity.default(1n) }).default({ chainid: 1n }),
})

/** https://ethereum-tests.readthedocs.io/en/latest/test_types/gstate_tests.html: a case per transaction and fork. */
export function readStateTest(file: string, testName: string, json: unknown): ArchiveEntry[] {
  const posts = z.object({ post: z.record(z.string(), z.array(z.unknown())) }).safeParse(json)
  if (!posts.success) return [{ file, name: testName, content: { kind: 'skipped', reason: malformed(posts.error) } }]
  const test = StateTest.safeParse(json)
  return Object.entries(posts.data.post).flatMap(([fork, list]) =>
    list.map((item, i): ArchiveEntry => {
      const post = Post.safeParse(item)
      const name = `${testName} ${fork} ${i}`
      const skipped = (reason: string): ArchiveEntry => ({ file, name, content: { kind: 'skipped', reason } })
      if (!isFork(fork)) return skipped(`the fork ${fork} is not supported`)
      if (!test.success) return skipped(malformed(test.error))
      if (!post.success) return skipped(malformed(post.error))
      const { env, pre, config } = test.data
      const { hash, logs, txbytes, expectException } = post.data
      return {
        file,
        name,
        content: {
          kind: 'state',
          fork,
          block: {
            number: env.currentNumber,
            timestamp: env.currentTimestamp,
            gasLimit: env.currentGasLimit,
            chainId: config.chainid,
            coinbase: env.currentCoinbase,
            prevRandao: bigintToBytes(env.currentRandom, 32),
            baseFee: env.currentBaseFee,
            excessBlobGas: env.currentExcessBlobGas,
          },
          accounts: pre,
          transaction: txbytes,
          expected: { stateRoot: hash, logsHash: logs, isValid: expectException === undefined },
        },
      }
    }),
  )
}
