import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningDevnet, startDevnet } from '../../../sdk/index.ts'
import { HardhatProject } from '../../testing/hardhat-project.ts'

describe('a stock Hardhat 3 project with the viem toolbox, pointed at the devnet by its URL', () => {
  let devnet: RunningDevnet
  let project: HardhatProject

  beforeAll(async () => {
    devnet = await startDevnet()
    project = new HardhatProject({ path: join(import.meta.dirname, 'project'), url: devnet.l2Url })
    project.clean()
  })
  afterAll(() => devnet.stop())

  it('deploys by Ignition', async () => {
    const { code, output } = await project.run('ignition', 'deploy', 'ignition/modules/Counter.ts', '--network', 'devnet')
    expect(output).toContain('successfully deployed')
    expect(output).toMatch(/CounterModule#Counter - 0x[0-9a-fA-F]{40}/)
    expect(code).toBe(0)
  })

  it('passes its tests', async () => {
    const { code, output } = await project.run('test')
    expect(output).toMatch(/14 passing/)
    expect(code).toBe(0)
  })
})
