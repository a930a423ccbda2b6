import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningDevnet, startDevnet } from '../../../sdk/index.ts'
import { HardhatProject } from '../../testing/hardhat-project.ts'

describe('a stock Hardhat 3 project with the ethers toolbox, pointed at the devnet by its URL', () => {
  let devnet: RunningDevnet
  let project: HardhatProject

  beforeAll(async () => {
    devnet = await startDevnet()
    project = new HardhatProject({ path: join(import.meta.dirname, 'project'), url: devnet.l2Url })
    project.clean()
  })
  afterAll(() => devnet.stop())

  it("passes its tests: fixtures, time, impersonation, snapshots, Ignition, OpenZeppelin's upgrades, a market maker", async () => {
    const { code, output } = await project.run('test')
    expect(output).toMatch(/10 passing/)
    expect(code).toBe(0)
  })
})
