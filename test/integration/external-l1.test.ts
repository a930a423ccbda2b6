import { join } from 'node:path'
import { createPublicClient, type Hex, http } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Anvil } from '../testing/anvil.ts'
import { DevnetClient, until } from '../testing/devnet-client.ts'
import {
  DevnetEndedError,
  type DevnetProcess,
  removeDirectory,
  runCli,
  runScript,
  scratchDirectory,
  startDevnet,
} from '../testing/devnet-process.ts'

const receiver: Hex = '0x00000000000000000000000000000000decaf040'

/** Keys of dev accounts, which every L1 for development funds. */
function keyOf(addressIndex: number): Hex {
  const key = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex }).getHdKey().privateKey
  if (key === null) throw new Error('no key')
  return `0x${Buffer.from(key).toString('hex')}`
}

// The deployer pays the genesis supply into the bridge: 10 × 500 ether, which one account of a Hardhat network has, too.
const settings = ['--balance', '500', '--deployer-key', keyOf(8), '--sequencer-key', keyOf(9), '--batch-max-age-ms', '100']
const onL1 = (url: string) => ['--l1-url', url, ...settings]

async function useBridge({ ready }: DevnetProcess): Promise<void> {
  const { code, stdout, stderr } = await runScript('examples/viem/bridge.ts', [ready.l2Url])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^claimed {5}1 ETH on L1$/m)
}

describe('a devnet on anvil', () => {
  const scratch = scratchDirectory()
  const dataDir = join(scratch, 'devnet')
  const stateFile = join(scratch, 'anvil.json')
  let anvil: Anvil
  let devnet: DevnetProcess
  let client: DevnetClient

  const start = async () => {
    devnet = await startDevnet({ dataDir, args: onL1(anvil.url) })
    client = new DevnetClient(devnet.ready)
  }
  beforeAll(async () => {
    anvil = await Anvil.start({ stateFile })
    await start()
  })
  afterAll(async () => {
    if (devnet.child.exitCode === null && devnet.child.signalCode === null) await devnet.kill()
    await anvil.kill()
    removeDirectory(scratch)
  })

  /** Sends until L1 is reported gone, and goes on sealing; then `back` brings L1 back and everything is settled once. */
  async function outage(back: () => Promise<void>): Promise<void> {
    const sent = [...(await client.transfer(receiver, 3))]
    const gone = await until(
      'the status says that the L1 is gone',
      async () => {
        sent.push(...(await client.transfer(receiver)))
        const status = await client.status()
        return status.settlement.state === 'unreachable' && status
      },
      { withinMs: 60_000, everyMs: 100 },
    )
    expect(gone.l1.reachable).toBe(false)
    expect(gone.settlement.error?.code).toBe('L1_UNREACHABLE')
    const head = await client.l2.getBlockNumber()
    sent.push(...(await client.transfer(receiver, 3)))
    expect(await client.l2.getBlockNumber()).toBe(head + 3n)
    await back()
    await until(
      'everything is settled',
      async () => {
        const { blocks } = await client.status()
        return blocks.finalized === blocks.latest
      },
      { withinMs: 60_000 },
    )
    await client.expectSettledOnce()
    for (const hash of sent) expect((await client.l2.getTransactionReceipt({ hash })).status).toBe('success')
    await until('the status says that all is well', async () => {
      const { l1, settlement } = await client.status()
      return l1.reachable && settlement.state === 'running' && settlement.error === null
    })
  }

  it('deploys, settles a batch, and moves ether in and out', async () => {
    expect(devnet.ready.l1Url).toBe(anvil.url)
    await useBridge(devnet)
    expect(await client.expectSettledOnce()).toBeGreaterThan(0n)
  })

  it('goes on sealing while the L1 does not answer', async () => {
    anvil.freeze()
    const head = await client.l2.getBlockNumber()
    const sent = await client.transfer(receiver, 20)
    expect(await client.l2.getBlockNumber()).toBe(head + 20n)
    expect((await client.status()).blocks.safe).not.toBe((await client.status()).blocks.latest)
    anvil.thaw()
    for (const hash of sent) expect((await client.l2.getTransactionReceipt({ hash })).status).toBe('success')
    await client.untilFinal()
    await client.expectSettledOnce()
  })

  it('goes on sealing while the L1 is down, and settles once it is up again', async () => {
    await client.untilFinal()
    await anvil.stop()
    await outage(async () => {
      anvil = await Anvil.start({ stateFile, port: anvil.port })
    })
  })

  it('goes on after a kill -9 and a restart', async () => {
    const sent = await client.transfer(receiver, 3)
    await devnet.kill()
    await start()
    await client.transfer(receiver)
    for (const hash of sent) expect((await client.l2.getTransactionReceipt({ hash })).status).toBe('success')
    await client.untilFinal()
    await client.expectSettledOnce()
  })

  it('shows an upgrade that its owner announced, which changes nothing before its time', async () => {
    await devnet.stop()
    const upgrade = (...args: readonly string[]) =>
      runCli(['upgrade', '--json', '--proofs', 'stark', ...onL1(anvil.url), '--data-dir', dataDir, ...args])
    const announced = await upgrade()
    expect(announced).toMatchObject({ code: 0, stderr: '' })
    const { status, to, earliest } = JSON.parse(announced.stdout)
    expect(status).toBe('announced')
    expect((await upgrade()).stdout).toBe(announced.stdout)

    await start()
    const shown = (await client.status()).l1.upgrade
    expect(shown).toMatchObject({ programId: to, earliest: `0x${earliest.toString(16)}` })
    const { stdout } = await runCli(['status', '--url', devnet.ready.l2Url])
    expect(stdout).toContain(`upgrade   from ${new Date(earliest * 1_000).toISOString()} (L1 time) to program ${to}, verifier 0x`)
    await client.transfer(receiver)
    await client.untilFinal()
    await client.expectSettledOnce()

    await devnet.stop()
    expect(JSON.parse((await upgrade('--cancel')).stdout)).toMatchObject({ status: 'cancelled', to })
    await start()
    expect((await client.status()).l1.upgrade).toBeNull()
  })

  it('is rebuilt from that L1, with the same root, and settles one more batch', async () => {
    const executed = await client.lastExecuted()
    const root = await client.stateRootOnL1(executed)
    await devnet.kill()
    const rebuilt = join(scratch, 'rebuilt')
    const { rollup } = devnet.ready.contracts
    const args = ['recover', '--from-l1', ...onL1(anvil.url), '--rollup', rollup, '--data-dir', rebuilt, '--broker-port', '0', '--json']
    const { code, stdout, stderr } = await runCli(args)
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ stateRoot: root, batch: Number(executed), settledBatch: Number(executed) + 1 })
  })

  it('says that its contracts are not on an L1 that began anew', async () => {
    const other = await Anvil.start()
    try {
      const started = await startDevnet({ dataDir, args: onL1(other.url) }).catch((error: unknown) => error)
      if (!(started instanceof DevnetEndedError)) throw new Error('started on an L1 without its contracts')
      expect(started.code).toBe(6)
      expect(started.stderr).toMatch(/^error .*no contract at 0x[0-9a-f]{40}\. \[CONTRACTS_MISSING\]$/m)
      expect(started.stderr).not.toMatch(/^\s+at .*\(.*\)$/m)
    } finally {
      await other.kill()
    }
  })
})

describe("a devnet on another devnet's L1", () => {
  const scratch = scratchDirectory()
  const running: DevnetProcess[] = []
  afterAll(async () => {
    for (const devnet of running.toReversed()) await devnet.kill()
    removeDirectory(scratch)
  })

  it('deploys its own contracts there, and settles beside it', async () => {
    const first = await startDevnet({ dataDir: join(scratch, 'first') })
    running.push(first)
    const second = await startDevnet({ dataDir: join(scratch, 'second'), args: onL1(first.ready.l1Url) })
    running.push(second)
    expect(second.ready.contracts.rollup).not.toBe(first.ready.contracts.rollup)
    const clients = [new DevnetClient(first.ready), new DevnetClient(second.ready)]
    await Promise.all(clients.map((client) => client.transfer(receiver, 3)))
    await useBridge(second)
    for (const client of clients) {
      await client.untilFinal()
      expect(await client.expectSettledOnce()).toBeGreaterThan(0n)
    }
    const l1 = createPublicClient({ transport: http(first.ready.l1Url) })
    expect(await l1.getChainId()).toBe(31337)
  })
})
