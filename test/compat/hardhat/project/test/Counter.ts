import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import CounterModule from '../ignition/modules/Counter.ts'

describe('Counter', async () => {
  const { viem, ignition, networkHelpers } = await network.create('devnet')
  const publicClient = await viem.getPublicClient()

  it('is deployed by Ignition', async () => {
    const { counter } = await ignition.deploy(CounterModule)
    assert.equal(await counter.read.x(), 5n)
  })

  it('counts and tells of it', async () => {
    const counter = await viem.deployContract('Counter')
    const [wallet] = await viem.getWalletClients()
    await viem.assertions.emitWithArgs(counter.write.incBy([3n]), counter, 'Increment', [
      wallet!.account.address,
      3n,
    ])
    const fromBlock = await publicClient.getBlockNumber()
    await counter.write.inc()
    const events = await publicClient.getContractEvents({ address: counter.address, abi: counter.abi, eventName: 'Increment', fromBlock, strict: true })
    assert.equal(events.at(-1)?.args.step, 1n)
    assert.equal(await counter.read.x(), 4n)
  })

  it('reverts with reasons and custom errors', async () => {
    const counter = await viem.deployContract('Counter')
    await viem.assertions.revertWith(counter.read.fail(), 'not today')
    await viem.assertions.revertWithCustomError(counter.write.incBy([0n]), counter, 'Counter__StepIsZero')
  })

  it('sends from each dev account', async () => {
    const wallets = await viem.getWalletClients()
    assert.equal(wallets.length, 10)
    const [first, second] = wallets
    const before = await publicClient.getBalance({ address: second!.account.address })
    const hash = await first!.sendTransaction({ to: second!.account.address, value: 7n })
    await publicClient.waitForTransactionReceipt({ hash })
    assert.equal(await publicClient.getBalance({ address: second!.account.address }), before + 7n)
  })

  it('takes snapshots and moves time', async () => {
    const testClient = await viem.getTestClient()
    const counter = await viem.deployContract('Counter')
    const id = await testClient.snapshot()
    await counter.write.inc()
    assert.equal(await counter.read.x(), 1n)
    await testClient.revert({ id })
    assert.equal(await counter.read.x(), 0n)

    const { timestamp } = await publicClient.getBlock()
    await testClient.increaseTime({ seconds: 3600 })
    await testClient.mine({ blocks: 1 })
    assert.ok((await publicClient.getBlock()).timestamp >= timestamp + 3600n)
  })

  describe('with a fixture', () => {
    async function counted() {
      const counter = await viem.deployContract('Counter')
      await counter.write.incBy([10n])
      return { counter, deployedAt: await networkHelpers.time.latest() }
    }

    for (const round of [1, 2]) {
      it(`begins from the same state, time ${round}`, async () => {
        const { counter, deployedAt } = await networkHelpers.loadFixture(counted)
        assert.equal(await counter.read.x(), 10n)
        await counter.write.inc()
        await networkHelpers.time.increase(networkHelpers.time.duration.days(2))
        assert.ok((await networkHelpers.time.latest()) >= deployedAt + networkHelpers.time.duration.days(2))
      })
    }
  })
})
