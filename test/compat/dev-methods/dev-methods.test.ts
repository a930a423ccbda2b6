import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestClient, type Hex, http, parseEther, publicActions, walletActions } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Anvil } from '../../testing/anvil.ts'
import { askRaw } from '../../testing/devnet-client.ts'
import { type DevnetProcess, removeDirectory, scratchDirectory, startDevnet } from '../../testing/devnet-process.ts'

const stranger: Hex = '0x000000000000000000000000000000000000bEEF'
const other: Hex = '0x000000000000000000000000000000000000dEaD'

interface BatchJson {
  readonly number: Hex
  readonly status: string
  readonly proofType: string
  readonly devReasons: readonly { readonly kind: string; readonly detail: string }[]
  readonly prove: unknown
}

let dataDir: string
let devnet: DevnetProcess

beforeAll(async () => {
  dataDir = scratchDirectory()
  devnet = await startDevnet({ dataDir })
})
afterAll(async () => {
  await devnet.stop()
  removeDirectory(dataDir)
})

const call = async <T>(method: string, ...params: unknown[]): Promise<T> => {
  const { result, error } = await askRaw(devnet.ready.l2Url, method, params)
  if (error !== undefined) throw new Error(`${method}: ${error.message}`)
  // What the method is documented to answer.
  return result as T
}

const clientOf = (mode: 'anvil' | 'hardhat') =>
  createTestClient({ mode, transport: http(devnet.ready.l2Url) })
    .extend(publicActions)
    .extend(walletActions)

async function executedBatches(): Promise<readonly BatchJson[]> {
  await call('zkdevnet_sealBatch')
  const newest = await call<Hex>('zkdevnet_batchNumber', 'sealed')
  await expect.poll(() => call<Hex>('zkdevnet_batchNumber', 'executed'), { timeout: 60_000, interval: 200 }).toBe(newest)
  return call('zkdevnet_listBatches', '0x1', 100)
}

describe('a devnet on its own L1', () => {
  it.each(['anvil', 'hardhat'] as const)('takes viem’s test client in the mode %s for a node that it knows', async (mode) => {
    const client = clientOf(mode)
    const id = await client.snapshot()
    await client.setBalance({ address: stranger, value: parseEther('5') })
    await client.impersonateAccount({ address: stranger })
    const hash = await client.sendTransaction({ account: stranger, chain: null, to: other, value: 7n })
    expect(await client.waitForTransactionReceipt({ hash })).toMatchObject({ status: 'success', from: stranger.toLowerCase() })
    await client.mine({ blocks: 3 })
    await client.revert({ id })
    expect(await client.getBalance({ address: other })).toBe(0n)
    await client.stopImpersonatingAccount({ address: stranger })
  })

  it('carries edited state to L1 in a dev batch, says why, and proves what follows', async () => {
    const client = clientOf('anvil')
    const [dev] = devnet.ready.accounts
    if (dev === undefined) throw new Error('no account')
    const pay = () => client.sendTransaction({ account: dev.address, chain: null, to: other, value: 1n })
    await pay()
    await client.setBalance({ address: stranger, value: parseEther('9') })
    await pay()
    await call('zkdevnet_sealBatch')
    await pay()
    const batches = await executedBatches()
    const devBatches = batches.filter(({ proofType }) => proofType === 'dev')
    expect(devBatches.length).toBeGreaterThan(0)
    for (const batch of devBatches) expect(batch).toMatchObject({ status: 'executed', prove: null })
    expect(devBatches.at(-1)?.devReasons).toContainEqual(
      expect.objectContaining({ kind: 'stateEdited', detail: `balance of ${stranger.toLowerCase()} set` }),
    )
    for (const { proofType, devReasons } of batches) expect(devReasons.length > 0).toBe(proofType === 'dev')
    expect(batches.at(-1)).toMatchObject({ status: 'executed', proofType: 'attested' })
  })

  it('keeps what was edited over kill -9', async () => {
    const client = clientOf('anvil')
    await client.setBalance({ address: stranger, value: 12_345n })
    const before = await client.getBlockNumber({ cacheTime: 0 })
    await devnet.kill()
    devnet = await startDevnet({ dataDir })
    const again = clientOf('anvil')
    expect([await again.getBalance({ address: stranger }), await again.getBlockNumber()]).toEqual([12_345n, before])
    await again.mine({ blocks: 1 })
    expect((await executedBatches()).at(-1)).toMatchObject({ proofType: 'dev', status: 'executed' })
  })

  it('goes back to its start, L1 and batches included', async () => {
    const start = await call<Hex>('eth_blockNumber')
    const { batches } = await call<{ batches: { sealed: Hex } }>('zkdevnet_status')
    await call('hardhat_setBalance', stranger, '0x1')
    await call('hardhat_mine', '0x2')
    await executedBatches()
    await call('hardhat_reset')
    const after = await call<{ batches: { sealed: Hex }; blocks: { latest: Hex } }>('zkdevnet_status')
    expect(BigInt(after.blocks.latest)).toBeLessThanOrEqual(BigInt(start))
    expect(BigInt(after.batches.sealed)).toBeLessThanOrEqual(BigInt(batches.sealed))
    await call('evm_mine')
    expect((await executedBatches()).at(-1)).toMatchObject({ status: 'executed' })
  })
})

describe('next to anvil 1.7', () => {
  let anvil: Anvil
  beforeAll(async () => {
    anvil = await Anvil.start()
  })
  afterAll(() => anvil.stop())

  it('has all the methods that the binary has', async () => {
    const { methods } = JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/anvil-methods.json'), 'utf8'))
    // Five parameters that no method takes: whatever is known answers something else than that it is not.
    const junk = ['?', '?', '?', '?', '?']
    const subscriptions = ['eth_subscribe', 'eth_unsubscribe']
    const unknown = []
    for (const method of methods) {
      if (subscriptions.includes(method)) continue
      const { error } = await askRaw(anvil.url, method, junk)
      if (error?.code === -32601) unknown.push(method)
    }
    expect(unknown).toEqual([])
  })

  it('loads the state that it dumps, and the other way round', async () => {
    const ask = async (url: string, method: string, ...params: unknown[]) => (await askRaw(url, method, params)).result
    await ask(anvil.url, 'anvil_setBalance', stranger, '0x4d2')
    await ask(anvil.url, 'anvil_setStorageAt', stranger, '0x5', `0x${'0'.repeat(63)}9`)
    await call('anvil_loadState', await ask(anvil.url, 'anvil_dumpState'))
    expect([await call('eth_getBalance', stranger), BigInt(await call<Hex>('eth_getStorageAt', stranger, '0x5'))]).toEqual(['0x4d2', 9n])
    await call('hardhat_setBalance', stranger, '0x4d3')
    expect(await ask(anvil.url, 'anvil_loadState', await call('anvil_dumpState'))).toBe(true)
    expect(await ask(anvil.url, 'eth_getBalance', stranger, 'latest')).toBe('0x4d3')
  })
})

describe('a devnet on an L1 that is not its own', () => {
  it('refuses what would need a dev batch, unless it was deployed for it', async () => {
    const l1 = await Anvil.start()
    const directories = [scratchDirectory(), scratchDirectory()] as const
    try {
      const keys = [
        ...['--l1-url', l1.url, '--deployer-key', '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'],
        ...['--sequencer-key', '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'],
      ]
      const strict = await startDevnet({ dataDir: directories[0], args: keys })
      const { error } = await askRaw(strict.ready.l2Url, 'hardhat_setBalance', [stranger, '0x1'])
      expect(error).toMatchObject({ code: -32000, data: { code: 'DEV_BATCHES_NOT_ALLOWED' } })
      expect((await askRaw(strict.ready.l2Url, 'hardhat_setCoinbase', [stranger])).result).toBe(true)
      await strict.stop()
      const lenient = await startDevnet({ dataDir: directories[1], args: [...keys, '--allow-dev-batches'] })
      expect((await askRaw(lenient.ready.l2Url, 'hardhat_setBalance', [stranger, '0x1'])).result).toBe(true)
      await lenient.stop()
    } finally {
      await l1.stop()
      for (const directory of directories) removeDirectory(directory)
    }
  })
})
