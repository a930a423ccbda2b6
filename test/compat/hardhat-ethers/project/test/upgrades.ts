import { upgrades } from '@openzeppelin/hardhat-upgrades'
import { expect } from 'chai'
import hre from 'hardhat'

const connection = await hre.network.create('devnet')
const { ethers } = connection

describe("OpenZeppelin's upgrades plugin", () => {
  it('deploys and upgrades a transparent proxy', async () => {
    const api = await upgrades(hre, connection)
    const box = await api.deployProxy(await ethers.getContractFactory('Box'), [42])
    await box.waitForDeployment()
    expect(await box.value()).to.equal(42n)
    const before = await api.erc1967.getImplementationAddress(await box.getAddress())
    const upgraded = await api.upgradeProxy(box, await ethers.getContractFactory('BoxV2'))
    await (await upgraded.increment()).wait()
    expect(await upgraded.value()).to.equal(43n)
    expect(await upgraded.getAddress()).to.equal(await box.getAddress())
    expect(await api.erc1967.getImplementationAddress(await box.getAddress())).to.not.equal(before)
  })

  it('deploys and upgrades a UUPS proxy, for its owner only', async () => {
    const api = await upgrades(hre, connection)
    const [owner, stranger] = await ethers.getSigners()
    const box = await api.deployProxy(await ethers.getContractFactory('UupsBox'), [owner.address, 7], { kind: 'uups' })
    await box.waitForDeployment()
    await expect(api.upgradeProxy(box, await ethers.getContractFactory('UupsBoxV2', stranger))).to.be.rejectedWith('execution reverted')
    const upgraded = await api.upgradeProxy(box, await ethers.getContractFactory('UupsBoxV2'))
    await (await upgraded.add(5)).wait()
    expect([await upgraded.value(), await upgraded.added()]).to.deep.equal([12n, 1n])
  })

  it('refuses an upgrade that would scramble the storage', async () => {
    const api = await upgrades(hre, connection)
    const box = await api.deployProxy(await ethers.getContractFactory('Box'), [1])
    await box.waitForDeployment()
    await expect(api.upgradeProxy(box, await ethers.getContractFactory('BoxOfAnotherLayout'))).to.be.rejectedWith('New storage layout is incompatible')
  })
})
