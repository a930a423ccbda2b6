import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevnetProcess, removeDirectory, scratchDirectory, startDevnet } from '../../testing/devnet-process.ts'

const project = join(import.meta.dirname, 'project')
const hardhatCli = join(import.meta.dirname, '../../../node_modules/hardhat/dist/src/cli.js')

async function hardhat(url: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [hardhatCli, ...args], {
    cwd: project,
    env: { ...process.env, DEVNET_URL: url, NO_COLOR: '1', HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const [code] = await once(child, 'close')
  return { code, output }
}

describe('a stock Hardhat 3 project, pointed at the devnet by its URL', () => {
  const dataDir = scratchDirectory()
  let devnet: DevnetProcess

  beforeAll(async () => {
    for (const folder of ['artifacts', 'cache', 'ignition/deployments']) rmSync(join(project, folder), { recursive: true, force: true })
    devnet = await startDevnet({ dataDir })
  })
  afterAll(async () => {
    await devnet.kill()
    removeDirectory(dataDir)
  })

  it('deploys by Ignition', async () => {
    const { code, output } = await hardhat(devnet.ready.l2Url, 'ignition', 'deploy', 'ignition/modules/Counter.ts', '--network', 'devnet')
    expect(output).toContain('successfully deployed')
    expect(output).toMatch(/CounterModule#Counter - 0x[0-9a-fA-F]{40}/)
    expect(code).toBe(0)
  })

  it('passes its tests', async () => {
    const { code, output } = await hardhat(devnet.ready.l2Url, 'test')
    expect(output).toMatch(/5 passing/)
    expect(code).toBe(0)
  })
})
