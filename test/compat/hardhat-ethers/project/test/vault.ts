import { expect } from 'chai'
import { network } from 'hardhat'
import VaultModule from '../ignition/modules/Vault.ts'

const { ethers, networkHelpers, ignition } = await network.create('devnet')
const { loadFixture, time, impersonateAccount, stopImpersonatingAccount, setBalance, takeSnapshot } = networkHelpers

describe('Vault', () => {
  async function deployed() {
    const unlockTime = BigInt(await time.latest()) + 31_536_000n
    const amount = 1_000_000_000n
    const [owner, other] = await ethers.getSigners()
    const vault = await ethers.deployContract('Vault', [unlockTime], { value: amount })
    return { vault, unlockTime, amount, owner, other }
  }

  it('is deployed with its parameters', async () => {
    const { vault, unlockTime, amount, owner } = await loadFixture(deployed)
    expect(await vault.unlockTime()).to.equal(unlockTime)
    expect(await vault.owner()).to.equal(owner.address)
    expect(await ethers.provider.getBalance(vault)).to.equal(amount)
    await expect(ethers.deployContract('Vault', [1n])).to.be.revertedWith('unlock time should be in the future')
  })

  it('opens at its time, not before, and to its owner only', async () => {
    const { vault, unlockTime, amount, owner, other } = await loadFixture(deployed)
    await expect(vault.withdraw()).to.be.revertedWithCustomError(vault, 'Vault__NotYet').withArgs(unlockTime)
    await time.increaseTo(unlockTime)
    await expect(vault.connect(other).withdraw()).to.be.revertedWithCustomError(vault, 'Vault__NotOwner').withArgs(other.address)
    await expect(vault.withdraw()).to.emit(vault, 'Withdrawal')
    expect(await ethers.provider.getBalance(vault)).to.equal(0n)
    expect(amount).to.be.greaterThan(0n)
    expect(owner.address).to.be.properAddress
  })

  it('moves ether to its owner, and begins again with each fixture', async () => {
    const { vault, unlockTime, amount, owner } = await loadFixture(deployed)
    expect(await ethers.provider.getBalance(vault)).to.equal(amount)
    await time.increaseTo(unlockTime)
    await expect(vault.withdraw()).to.changeEtherBalances(ethers, [owner, vault], [amount, -amount])
  })

  it('is called by an account whose key nobody has', async () => {
    const { vault, unlockTime } = await loadFixture(deployed)
    const whale = '0x00000000000000000000000000000000000a11ce'
    await impersonateAccount(whale)
    await setBalance(whale, ethers.parseEther('5'))
    await time.increaseTo(unlockTime)
    const signer = await ethers.getSigner(whale)
    await expect(vault.connect(signer).withdraw()).to.be.revertedWithCustomError(vault, 'Vault__NotOwner').withArgs(signer.address)
    await (await signer.sendTransaction({ to: vault.target, value: 0n, data: '0x8da5cb5b' })).wait()
    await stopImpersonatingAccount(whale)
  })

  it('goes back to a snapshot', async () => {
    const { vault, unlockTime } = await loadFixture(deployed)
    const snapshot = await takeSnapshot()
    await time.increaseTo(unlockTime)
    await vault.withdraw()
    expect(await ethers.provider.getBalance(vault)).to.equal(0n)
    await snapshot.restore()
    expect(await ethers.provider.getBalance(vault)).to.be.greaterThan(0n)
  })

  it('is deployed by Ignition', async () => {
    const unlockTime = (await time.latest()) + 1_000
    const { vault } = await ignition.deploy(VaultModule, { parameters: { VaultModule: { unlockTime, amount: 5n } } })
    expect(await vault.unlockTime()).to.equal(unlockTime)
  })
})
