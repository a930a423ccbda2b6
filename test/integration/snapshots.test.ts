import type { Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DevnetClient, rollupAbi, until } from '../testing/devnet-client.ts'
import { type DevnetProcess, removeDirectory, scratchDirectory, startDevnet } from '../testing/devnet-process.ts'

const receiver: Hex = '0x00000000000000000000000000000000decaf030'
const depositReceiver: Hex = '0x00000000000000000000000000000000decaf031'
// Batches close when a test says so.
const args = ['--batch-max-age-ms', '0']

/** Everything that a snapshot covers, as clients see it. */
async function picture(client: DevnetClient) {
  const { l1, l2, ready } = client
  const { blocks, batches, openBatch } = await client.status()
  const onL1 = (functionName: 'lastCommittedBatch' | 'lastExecutedBatch') =>
    l1.readContract({ address: ready.contracts.rollup, abi: rollupAbi, functionName })
  const head = await l2.getBlock()
  return {
    blocks: { latest: blocks.latest, safe: blocks.safe, finalized: blocks.finalized, hash: head.hash, stateRoot: head.stateRoot },
    batches,
    open: { number: openBatch.number, transactionCount: openBatch.transactionCount },
    l1: { committed: await onL1('lastCommittedBatch'), executed: await onL1('lastExecutedBatch'), block: (await l1.getBlock()).hash },
    balances: [await client.balance(receiver), await client.balance(depositReceiver)],
    l1Balance: await l1.getBalance({ address: ready.contracts.bridge }),
    nonce: await client.pendingNonce(),
  }
}

type Status = 'sealed' | 'committed' | 'proven' | 'executed'

/** Closes the open batch and waits until it got that far. */
async function settle(client: DevnetClient, status: Status): Promise<bigint> {
  const number = BigInt(await client.ask<Hex>('zkdevnet_sealBatch'))
  await until(`batch ${number} is ${status}`, async () => BigInt((await client.status()).batches[status]) >= number)
  return number
}

describe('snapshots of the whole devnet', () => {
  const dataDir = scratchDirectory()
  let devnet: DevnetProcess
  let client: DevnetClient

  const start = async () => {
    devnet = await startDevnet({ dataDir, args })
    client = new DevnetClient(devnet.ready)
  }
  beforeAll(start)
  afterAll(async () => {
    await devnet.kill()
    removeDirectory(dataDir)
  })

  it.each<Status>(['sealed', 'committed', 'proven', 'executed'])('go back over a batch that was %s since', async (status) => {
    await client.transfer(receiver, 2)
    const owned = await client.balance(depositReceiver)
    await client.deposit(depositReceiver, 10n ** 18n)
    await client.untilBalance(depositReceiver, owned + 10n ** 18n)
    await settle(client, 'executed')
    // Something in the open batch, too.
    await client.transfer(receiver)
    const before = await picture(client)
    const id = await client.ask<Hex>('evm_snapshot')

    const credited = await client.balance(depositReceiver)
    await client.transfer(receiver, 3)
    await client.deposit(depositReceiver, 2n * 10n ** 18n)
    await client.untilBalance(depositReceiver, credited + 2n * 10n ** 18n)
    await settle(client, status)
    await client.transfer(receiver)
    expect(await client.ask('evm_revert', id)).toBe(true)

    expect(await picture(client)).toEqual(before)
    expect(await client.ask('evm_revert', id)).toBe(false)
    // It goes on from there: the same batch number with other contents, once.
    const again = await client.balance(depositReceiver)
    await client.deposit(depositReceiver, 10n ** 18n)
    await client.untilBalance(depositReceiver, again + 10n ** 18n)
    await settle(client, 'executed')
    expect(await client.expectSettledOnce()).toBe(before.l1.executed + 1n)
  })

  it('survive a kill -9 right after the revert', async () => {
    await client.transfer(receiver, 2)
    await settle(client, 'executed')
    const before = await picture(client)
    const id = await client.ask<Hex>('evm_snapshot')
    await client.transfer(receiver, 3)
    await client.deposit(depositReceiver, 10n ** 18n)
    await settle(client, 'committed')
    expect(await client.ask('evm_revert', id)).toBe(true)
    await devnet.kill()
    await start()
    expect(await picture(client)).toEqual(before)
    await client.transfer(receiver)
    await settle(client, 'executed')
    await client.expectSettledOnce()
  })

  it('serve fifty fixtures in a row', async () => {
    const contracts = await client.deploy('0x600a600c600039600a6000f3602a60005260206000f300')
    const before = await picture(client)
    let id = await client.ask<Hex>('evm_snapshot')
    const startedAt = performance.now()
    for (let cycle = 0; cycle < 50; cycle++) {
      await client.transfer(receiver, 3)
      expect(await client.ask('evm_revert', id)).toBe(true)
      id = await client.ask<Hex>('evm_snapshot')
    }
    const msPerCycle = (performance.now() - startedAt) / 50
    console.info(`${msPerCycle.toFixed(1)} ms per cycle of snapshot, three transactions and revert`)
    expect(await picture(client)).toEqual(before)
    expect(await client.l2.getCode({ address: contracts })).toBe('0x602a60005260206000f3')
    await settle(client, 'executed')
    await client.expectSettledOnce()
  })

  it('may be nested, and a revert drops the later ones', async () => {
    await client.untilFinal()
    const outer = await client.ask<Hex>('evm_snapshot')
    const before = await picture(client)
    await client.transfer(receiver)
    const inner = await client.ask<Hex>('evm_snapshot')
    await client.transfer(receiver)
    expect(await client.ask('evm_revert', outer)).toBe(true)
    expect(await client.ask('evm_revert', inner)).toBe(false)
    expect(await picture(client)).toEqual(before)
  })

  it('are taken and reverted while a batch is on its way, again and again', async () => {
    for (let cycle = 0; cycle < 8; cycle++) {
      await client.transfer(receiver)
      const id = await client.ask<Hex>('evm_snapshot')
      await client.transfer(receiver)
      await client.ask('zkdevnet_sealBatch')
      // Without a wait: wherever settlement is by now.
      expect(await client.ask('evm_revert', id)).toBe(true)
    }
    await settle(client, 'executed')
    await client.expectSettledOnce()
    expect((await client.status()).settlement).toMatchObject({ state: 'running', error: null })
  })
})
