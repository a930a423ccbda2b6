import { createPublicClient, http, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevnetProcess, removeDirectory, runCli, runScript, scratchDirectory, startDevnet } from '../testing/devnet-process.ts'

const rollupAbi = parseAbi([
  'function lastExecutedBatch() view returns (uint64)',
  'function stateRoot(uint64 number) view returns (bytes32)',
])

describe('a newcomer', () => {
  const dataDir = scratchDirectory()
  let devnet: DevnetProcess

  beforeAll(async () => {
    devnet = await startDevnet({ dataDir })
  })
  afterAll(async () => {
    if (devnet.child.exitCode === null) await devnet.kill()
    removeDirectory(dataDir)
  })

  it('deploys an ERC-20, transfers, reads logs and sees the batch executed on L1', async () => {
    const { code, stdout, stderr } = await runScript('examples/viem/erc20.ts', [devnet.ready.l2Url])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^token {5}0x[0-9a-f]{40} in block \d+$/m)
    expect(stdout).toMatch(/^transfer {2}250 to 0x\w+, balance now 250$/m)
    expect(stdout).toMatch(/^logs {6}2 Transfer events$/m)
    expect(stdout).toMatch(/^final {5}block \d+ is in a batch that L1 executed$/m)
  })

  it('finds on L1 the very state root that the L2 has', async () => {
    const l1 = createPublicClient({ transport: http(devnet.ready.l1Url) })
    const l2 = createPublicClient({ transport: http(devnet.ready.l2Url) })
    const { rollup } = devnet.ready.contracts
    const executed = await l1.readContract({ address: rollup, abi: rollupAbi, functionName: 'lastExecutedBatch' })
    expect(executed).toBeGreaterThan(0n)
    const { code, stdout } = await runCli(['batch', 'show', String(executed), '--json', '--url', devnet.ready.l2Url])
    expect(code).toBe(0)
    const batch = JSON.parse(stdout)
    const block = await l2.getBlock({ blockNumber: BigInt(batch.lastBlock) })
    expect(await l1.readContract({ address: rollup, abi: rollupAbi, functionName: 'stateRoot', args: [executed] })).toBe(block.stateRoot)
    expect(batch.status).toBe('executed')
  })

  it('moves ether in and out through the bridge', async () => {
    const { code, stdout, stderr } = await runScript('examples/viem/bridge.ts', [devnet.ready.l2Url])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^deposit {5}1\.5 ETH arrived on L2$/m)
    expect(stdout).toMatch(/^claimed {5}1 ETH on L1$/m)
  })

  it('asks the CLI what is going on', async () => {
    const human = await runCli(['status', '--url', devnet.ready.l2Url])
    expect(human.code).toBe(0)
    expect(human.stdout).toContain('not a validity proof')
    const machine = await runCli(['status', '--json', '--url', devnet.ready.l2Url])
    expect(JSON.parse(machine.stdout)).toMatchObject({ proofType: 'attested' })
    const list = await runCli(['batch', 'list', '--json', '--url', devnet.ready.l2Url])
    expect(JSON.parse(list.stdout).length).toBeGreaterThan(1)
  })

  it('finds everything again after Ctrl+C and a restart', async () => {
    const block = await createPublicClient({ transport: http(devnet.ready.l2Url) }).getBlock({ blockTag: 'finalized' })
    expect(await devnet.stop()).toBe(0)
    devnet = await startDevnet({ dataDir })
    const l2 = createPublicClient({ transport: http(devnet.ready.l2Url) })
    expect((await l2.getBlock({ blockNumber: block.number })).hash).toBe(block.hash)
    const l1 = createPublicClient({ transport: http(devnet.ready.l1Url) })
    const executed = await l1.readContract({ address: devnet.ready.contracts.rollup, abi: rollupAbi, functionName: 'lastExecutedBatch' })
    expect(executed).toBeGreaterThan(0n)
    const { code } = await runScript('examples/viem/erc20.ts', [devnet.ready.l2Url])
    expect(code).toBe(0)
  })
})
