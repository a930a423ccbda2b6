import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import { parseEther, toHex } from 'viem'

describe('network-helpers', async () => {
  const { viem, networkHelpers } = await network.create('devnet')
  const publicClient = await viem.getPublicClient()
  const stranger = '0x000000000000000000000000000000000000bEEF'

  it('set what an account holds', async () => {
    await networkHelpers.setBalance(stranger, parseEther('3'))
    assert.equal(await publicClient.getBalance({ address: stranger }), parseEther('3'))
    await networkHelpers.setNonce(stranger, 9)
    assert.equal(await publicClient.getTransactionCount({ address: stranger }), 9)
    const counter = await viem.deployContract('Counter')
    const code = await publicClient.getCode({ address: counter.address })
    await networkHelpers.setCode(stranger, code!)
    assert.equal(await publicClient.getCode({ address: stranger }), code)
    await networkHelpers.setCode(stranger, '0x')
    await networkHelpers.setStorageAt(counter.address, 0, 42n)
    assert.equal(await counter.read.x(), 42n)
    assert.equal(BigInt(await networkHelpers.getStorageAt(counter.address, 0)), 42n)
  })

  it('send as somebody else', async () => {
    const counter = await viem.deployContract('Counter')
    await networkHelpers.setBalance(counter.address, parseEther('1'))
    await networkHelpers.impersonateAccount(counter.address)
    const wallet = await viem.getWalletClient(counter.address)
    const hash = await wallet.sendTransaction({ to: stranger, value: 5n })
    const receipt = await publicClient.waitForTransactionReceipt({ hash })
    assert.deepEqual([receipt.status, receipt.from], ['success', counter.address.toLowerCase()])
    await networkHelpers.stopImpersonatingAccount(counter.address)
    await assert.rejects(wallet.sendTransaction({ to: stranger, value: 5n }))
  })

  it('shape the next block', async () => {
    await networkHelpers.setCoinbase(stranger)
    await networkHelpers.setPrevRandao(7n)
    await networkHelpers.setNextBlockBaseFeePerGas(1_234n)
    await networkHelpers.setBlockGasLimit(40_000_000)
    await networkHelpers.mine()
    const block = await publicClient.getBlock()
    assert.deepEqual(
      [block.miner, block.mixHash, block.baseFeePerGas, block.gasLimit],
      [stranger.toLowerCase(), toHex(7n, { size: 32 }), 1_234n, 40_000_000n],
    )
    await networkHelpers.setBlockGasLimit(30_000_000)
  })

  it('mine many blocks, up to one, and at a time', async () => {
    const before = await networkHelpers.time.latestBlock()
    await networkHelpers.mine(100, { interval: 60 })
    assert.equal(await networkHelpers.time.latestBlock(), before + 100)
    await networkHelpers.mineUpTo(before + 110)
    assert.equal(await networkHelpers.time.latestBlock(), before + 110)
    const later = (await networkHelpers.time.latest()) + 1_000
    await networkHelpers.time.increaseTo(later)
    assert.equal(await networkHelpers.time.latest(), later)
    await networkHelpers.time.setNextBlockTimestamp(later + 500)
    await networkHelpers.mine()
    assert.equal(await networkHelpers.time.latest(), later + 500)
  })

  it('go back behind all of it', async () => {
    const snapshot = await networkHelpers.takeSnapshot()
    const balance = await publicClient.getBalance({ address: stranger })
    for (const amount of [1n, 2n]) {
      await networkHelpers.setBalance(stranger, amount)
      await networkHelpers.mine(3)
      await snapshot.restore()
      assert.equal(await publicClient.getBalance({ address: stranger }), balance)
    }
  })

  async function rich() {
    await networkHelpers.setBalance(stranger, 77n)
    return networkHelpers.time.latestBlock()
  }

  for (const round of [1, 2]) {
    it(`load a fixture of edited state, time ${round}`, async () => {
      const block = await networkHelpers.loadFixture(rich)
      assert.equal(await networkHelpers.time.latestBlock(), block)
      assert.equal(await publicClient.getBalance({ address: stranger }), 77n)
      await networkHelpers.setBalance(stranger, 1n)
      await networkHelpers.mine()
    })
  }
})
