import { expect } from 'chai'
import { network } from 'hardhat'

const { ethers } = await network.create('devnet')
const deadline = 2n ** 40n

describe('an automated market maker', () => {
  it('creates pairs by CREATE2, takes liquidity, swaps and gives it back', async () => {
    const [owner, trader] = await ethers.getSigners()
    const supply = ethers.parseEther('1000000')
    const apple = await ethers.deployContract('Token', ['APPLE', supply])
    const pear = await ethers.deployContract('Token', ['PEAR', supply])
    const factory = await ethers.deployContract('Factory')
    const router = await ethers.deployContract('Router', [factory])

    const amount = ethers.parseEther('10000')
    for (const token of [apple, pear]) await token.approve(router, ethers.MaxUint256)
    await expect(router.addLiquidity(apple, pear, amount, 4n * amount, deadline)).to.emit(factory, 'PairCreated')
    const pair = await ethers.getContractAt('Pair', await factory.pairFor(pear, apple))
    expect(await pair.balanceOf(owner)).to.equal(2n * amount - 1_000n)
    await expect(factory.createPair(apple, pear)).to.be.revert(ethers)

    const tradedIn = ethers.parseEther('100')
    await apple.transfer(trader, tradedIn)
    await apple.connect(trader).approve(router, tradedIn)
    const expected = await router.quote(tradedIn, apple, pear)
    expect(expected).to.be.closeTo(ethers.parseEther('394.8'), ethers.parseEther('1'))
    const buy = (minimum: bigint) => router.connect(trader).swap(tradedIn, minimum, apple, pear, deadline)
    await expect(buy(expected + 1n)).to.be.revertedWithCustomError(router, 'Router__InsufficientOutput').withArgs(expected + 1n, expected)
    await expect(buy(expected)).to.changeTokenBalances(ethers, pear, [trader, pair], [expected, -expected])
    expect(await pair.queryFilter(pair.filters.Swap(trader))).to.have.lengthOf(1)
    await expect(pair.swap(1n, 1n, trader)).to.be.revertedWithCustomError(pair, 'Pair__InsufficientInput')

    await pair.approve(router, ethers.MaxUint256)
    await expect(router.removeLiquidity(apple, pear, 1n, 1n)).to.be.revertedWithCustomError(router, 'Router__Expired')
    await router.removeLiquidity(apple, pear, await pair.balanceOf(owner), deadline)
    expect(await pair.totalSupply()).to.equal(1_000n)
    // The fee of the swap stays with those who gave the liquidity.
    expect((await apple.balanceOf(owner)) + (await apple.balanceOf(pair))).to.equal(supply)
    expect((await pear.balanceOf(owner)) + (await pear.balanceOf(pair))).to.equal(supply - expected)
  })
})
