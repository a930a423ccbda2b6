import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { batchDigest, type Hex } from '../../core/index.ts'
import { publicInputsHarnessAbi, publicInputsHarnessBytecode } from '../generated/testing/PublicInputsHarness.ts'
import { createL1, type L1 } from './l1-fixture.ts'

const quantity = z.string().transform(BigInt)
const hex = z.templateLiteral(['0x', z.string()])
const vectors = z
  .array(
    z.object({
      name: z.string(),
      inputs: z.strictObject({
        l1ChainId: quantity,
        rollup: hex,
        l2ChainId: quantity,
        rulesVersion: quantity,
        batchNumber: quantity,
        parentBlockHash: hex,
        stateRootBefore: hex,
        lastBlockHash: hex,
        stateRootAfter: hex,
        firstBlockNumber: quantity,
        lastBlockNumber: quantity,
        lastTimestamp: quantity,
        stateDiffHash: hex,
        inboxCountBefore: quantity,
        inboxRootBefore: hex,
        inboxCountAfter: quantity,
        inboxRootAfter: hex,
        messagesRoot: hex,
      }),
      digest: hex,
    }),
  )
  .min(20)
  .parse(JSON.parse(readFileSync(new URL('../../test/vectors/public-inputs.json', import.meta.url), 'utf8')))

let l1: L1
let harness: Hex

beforeAll(async () => {
  l1 = await createL1()
  harness = await l1.deploy(publicInputsHarnessAbi, publicInputsHarnessBytecode)
})

describe('digest of public inputs', () => {
  it.each(vectors)('$name: TypeScript computes the vector', ({ inputs, digest }) => {
    expect(batchDigest(inputs)).toBe(digest)
  })

  it.each(vectors)('$name: Solidity computes the vector', async ({ inputs, digest }) => {
    const actual = await l1.client.readContract({ address: harness, abi: publicInputsHarnessAbi, functionName: 'digest', args: [inputs] })
    expect(actual).toBe(digest)
  })

  it('differs for every field', () => {
    expect(new Set(vectors.map(({ digest }) => digest)).size).toBe(vectors.length)
  })
})
