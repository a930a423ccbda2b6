import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Deployment } from '../../contracts/index.ts'
import type { GuestExecutor } from '../../core/index.ts'
import { testGuest } from '../../prover/testing/test-guest.ts'
import { type InProcessL1, startInProcessL1 } from './testing/in-process-l1.ts'
import { deployForTestGenesis, honestQueue, openRollupDatabase, startRollupNode } from './testing/rollup-node.ts'

let l1: InProcessL1
let deployment: Deployment
beforeAll(async () => {
  l1 = await startInProcessL1()
  deployment = await deployForTestGenesis(l1.provider)
})
afterAll(() => l1.close())

it.each([
  ['the contracts name', testGuest, undefined],
  [
    'another version has',
    { programId: `0x${'0e'.repeat(32)}`, run: (input, options) => testGuest.run(input, options) },
    'PROGRAM_MISMATCH',
  ],
] satisfies [string, GuestExecutor, string | undefined][])('a node with the guest program that %s: %#', async (_, guest, code) => {
  const database = openRollupDatabase()
  const node = await startRollupNode({ database, provider: l1.provider, deployment, queue: honestQueue(deployment), guest })
  const synchronized = node.rollup.synchronize()
  if (code === undefined) await synchronized
  else
    await expect(synchronized).rejects.toThrow(
      expect.objectContaining({ code, exitCode: 6, message: expect.stringContaining(guest.programId) }),
    )
  await node.stop()
  database.close()
})
