import { afterAll, expect, it } from 'vitest'
import type { Hex } from '../../core/index.ts'
import { DevnetClient } from '../testing/devnet-client.ts'
import { type DevnetProcess, removeDirectory, runCli, scratchDirectory, startDevnet } from '../testing/devnet-process.ts'

interface BatchJson {
  readonly proofType: string
  readonly programId: Hex
}

const dataDir = scratchDirectory()
let devnet: DevnetProcess | undefined
afterAll(async () => {
  await devnet?.kill()
  removeDirectory(dataDir)
})

const receiver: Hex = '0x00000000000000000000000000000000decaf000'
const upgrade = (...args: readonly string[]) => runCli(['upgrade', '--json', '--data-dir', dataDir, ...args])
const statusOf = ({ stdout }: { readonly stdout: string }): string => JSON.parse(stdout).status

async function start(...args: readonly string[]): Promise<DevnetClient> {
  devnet = await startDevnet({ dataDir, args })
  return new DevnetClient(devnet.ready)
}

it('goes on in the same data directory under another program and verifier', async () => {
  const first = await start('--proofs', 'attested')
  await first.transfer(receiver)
  await first.untilFinal()
  const before = await first.ask<BatchJson>('zkdevnet_getBatch', '0x1')
  expect(before.proofType).toBe('attested')
  expect(await upgrade('--proofs', 'stark')).toMatchObject({ code: 6, stderr: expect.stringContaining('DATA_LOCKED') })
  await devnet?.stop()

  const same = await upgrade('--proofs', 'attested')
  expect(statusOf(same)).toBe('nothing to do')
  expect(await upgrade('--cancel')).toMatchObject({ code: 2, stderr: expect.stringContaining('UPGRADE_USAGE') })
  await expect(startDevnet({ dataDir, args: ['--proofs', 'stark'] })).rejects.toThrow('PROGRAM_MISMATCH')
  const toStark = await upgrade('--proofs', 'stark')
  expect(toStark).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(toStark.stdout)).toMatchObject({ status: 'upgraded', from: before.programId })

  await expect(startDevnet({ dataDir, args: ['--proofs', 'attested'] })).rejects.toThrow('PROGRAM_MISMATCH')
  // No batch is closed, so that none waits a minute for its proof.
  const second = await start('--proofs', 'stark', '--batch-max-age-ms', '0')
  const verifier = second.ready.contracts.verifier
  expect(verifier).not.toBe(first.ready.contracts.verifier)
  await second.transfer(receiver)
  // L1's clock went a week ahead; deposits do not mind.
  await second.deposit(receiver, 10n ** 9n)
  await second.untilBalance(receiver, 2n + 10n ** 9n)
  await devnet?.stop()

  expect(statusOf(await upgrade('--proofs', 'attested'))).toBe('upgraded')
  const third = await start('--proofs', 'attested')
  await third.transfer(receiver)
  await third.untilFinal()
  expect(await third.ask<BatchJson>('zkdevnet_getBatch', '0x2')).toMatchObject({ proofType: 'attested', programId: before.programId })
  expect(await third.balance(receiver)).toBe(3n + 10n ** 9n)
  await third.expectSettledOnce()
}, 180_000)
