import { ContractFactory, Interface, JsonRpcProvider, parseEther, Wallet, WebSocketProvider } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../../../examples/viem/compile.ts'
import { type DevnetProcess, removeDirectory, scratchDirectory, startDevnet } from '../../testing/devnet-process.ts'

describe('ethers 6', () => {
  const dataDir = scratchDirectory()
  let devnet: DevnetProcess
  let provider: JsonRpcProvider
  let wallet: Wallet

  beforeAll(async () => {
    devnet = await startDevnet({ dataDir })
    provider = new JsonRpcProvider(devnet.ready.l2Url, undefined, { cacheTimeout: -1, polling: true, pollingInterval: 20 })
    wallet = new Wallet(devnet.ready.accounts[0]?.privateKey ?? '', provider)
  })
  afterAll(async () => {
    provider.destroy()
    await devnet.kill()
    removeDirectory(dataDir)
  })

  it('deploys, sends, reads and queries events', async () => {
    const { abi, bytecode } = compile('Token.sol', 'Token')
    const contract = await new ContractFactory(new Interface(JSON.stringify(abi)), bytecode, wallet).deploy(1_000n)
    await contract.waitForDeployment()
    const token = contract.connect(wallet)
    const to = devnet.ready.accounts[1]?.address
    const sent = await token.getFunction('transfer')(to, 25n)
    const receipt = await sent.wait()
    expect(receipt.status).toBe(1)
    expect(await token.getFunction('balanceOf')(to)).toBe(25n)
    const events = await contract.queryFilter('Transfer', 0)
    expect(events).toHaveLength(2)
    await expect(token.getFunction('transfer')(to, 10_000n)).rejects.toMatchObject({ code: 'CALL_EXCEPTION' })
  })

  it('uses the accounts of the node, fee data and typed data', async () => {
    const signer = await provider.getSigner(1)
    const before = await provider.getBalance('0x00000000000000000000000000000000000000e7')
    await (await signer.sendTransaction({ to: '0x00000000000000000000000000000000000000e7', value: parseEther('1') })).wait()
    expect(await provider.getBalance('0x00000000000000000000000000000000000000e7')).toBe(before + parseEther('1'))
    const { maxFeePerGas } = await provider.getFeeData()
    expect(maxFeePerGas).toBeGreaterThan(0n)
    const domain = { name: 'Test', chainId: 313372n }
    const types = { Mail: [{ name: 'text', type: 'string' }] }
    const own = new Wallet(devnet.ready.accounts[1]?.privateKey ?? '')
    expect(await signer.signTypedData(domain, types, { text: 'hi' })).toBe(await own.signTypedData(domain, types, { text: 'hi' }))
  })

  it('hears of blocks and logs over WebSocket', async () => {
    const socket = new WebSocketProvider(devnet.ready.l2Url.replace('http', 'ws'))
    try {
      const heard = new Promise<number>((resolve) => void socket.on('block', resolve))
      await socket.getBlockNumber()
      const sent = await wallet.sendTransaction({ to: wallet.address })
      const { blockNumber } = (await sent.wait()) ?? {}
      expect(await heard).toBe(blockNumber)
    } finally {
      await socket.destroy()
    }
  })
})
