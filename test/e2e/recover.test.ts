import { createPublicClient, http, parseAbi } from 'viem'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory, runCli, runScript, scratchDirectory, startDevnet } from '../testing/devnet-process.ts'

const rollupAbi = parseAbi([
  'function lastExecutedBatch() view returns (uint64)',
  'function stateRoot(uint64 number) view returns (bytes32)',
])

describe('recovery from L1', () => {
  const lost = scratchDirectory()
  const rebuilt = scratchDirectory()
  afterAll(() => {
    removeDirectory(lost)
    removeDirectory(rebuilt)
  })

  it('rebuilds the state from L1 alone, goes on sequencing and settles one more batch', async () => {
    const before = await startDevnet({ dataDir: lost })
    expect((await runScript('examples/viem/erc20.ts', [before.ready.l2Url])).code).toBe(0)
    expect((await runScript('examples/viem/bridge.ts', [before.ready.l2Url])).code).toBe(0)
    const l1 = createPublicClient({ transport: http(before.ready.l1Url) })
    const { rollup } = before.ready.contracts
    const executed = await l1.readContract({ address: rollup, abi: rollupAbi, functionName: 'lastExecutedBatch' })
    const root = await l1.readContract({ address: rollup, abi: rollupAbi, functionName: 'stateRoot', args: [executed] })
    await before.kill()

    const recovery = await runCli(['recover', '--from-l1', '--l1-data', lost, '--data-dir', rebuilt, '--broker-port', '0', '--json'])
    expect(recovery.stderr).not.toContain('error')
    expect(recovery.code).toBe(0)
    const summary = JSON.parse(recovery.stdout)
    expect(summary).toMatchObject({ stateRoot: root, batch: Number(executed), settledBatch: Number(executed) + 1 })

    const after = await startDevnet({ dataDir: rebuilt })
    try {
      expect((await runScript('examples/viem/erc20.ts', [after.ready.l2Url])).code).toBe(0)
    } finally {
      await after.kill()
    }
  })
})
