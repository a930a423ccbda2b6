import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { createPublicClient, getAddress, type Hex, hexToBigInt, hexToNumber, http, numberToHex, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningDevnet, startDevnet, walletNetwork } from '../../../sdk/index.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (executablePath === undefined) process.stderr.write('skipped: there is no Chromium (apt install chromium)\n')
const project = join(import.meta.dirname, 'project')
const receiver = '0x000000000000000000000000000000000000b0b0'

/** What the wallet in the page asks to be signed. */
interface WalletRequest {
  readonly [field: string]: Hex
  readonly to: Hex
  readonly value: Hex
  readonly nonce: Hex
  readonly gas: Hex
  readonly gasPrice: Hex
  readonly tip: Hex
  readonly chainId: Hex
}

describe.skipIf(executablePath === undefined)('a page in Chromium with a wallet', () => {
  let devnet: RunningDevnet
  let site: Server
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    devnet = await startDevnet()
    const [{ privateKey } = { privateKey: undefined }] = devnet.accounts
    if (privateKey === undefined || executablePath === undefined) throw new Error('no account or no Chromium')
    const account = privateKeyToAccount(privateKey)
    const html = readFileSync(join(project, 'dapp.html'))
    site = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html)).listen(0, '127.0.0.1')
    await new Promise((resolve) => site.once('listening', resolve))

    // Tests run as root in containers, where Chromium's sandbox does not start.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    page = await browser.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.exposeFunction('walletAccount', () => account.address)
    await page.exposeFunction('walletSign', ({ to, value, nonce, gas, gasPrice, tip, chainId }: WalletRequest) =>
      account.signTransaction({
        ...{ to, value: hexToBigInt(value), nonce: hexToNumber(nonce), gas: hexToBigInt(gas), chainId: hexToNumber(chainId) },
        maxFeePerGas: 2n * hexToBigInt(gasPrice),
        maxPriorityFeePerGas: hexToBigInt(tip),
      }),
    )
    await page.addInitScript({ path: join(project, 'wallet.js') })
    const address = site.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const query = new URLSearchParams({ network: JSON.stringify(walletNetwork(devnet.chain)), to: receiver })
    // Another origin than the devnet's: everything has to get through CORS.
    await page.goto(`http://localhost:${port}/?${query}`)
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
    await devnet?.stop()
  })

  const text = async (id: string): Promise<string> => {
    await page.waitForFunction(`document.getElementById('${id}').textContent || document.getElementById('error').textContent`)
    expect(await page.textContent('#error')).toBe('')
    return (await page.textContent(`#${id}`)) ?? ''
  }

  it('adds the network, and reads the balance of its account', async () => {
    await page.click('#connect')
    expect(hexToBigInt((await text('balance')) as Hex)).toBe(parseEther('10000'))
    expect(await text('wallet')).toBe('Test Wallet')
    expect(await text('unknown')).toBe('4902')
    expect(await text('wrong')).toContain('the network says it is 0x4c81c')
    expect(await text('chain')).toBe(numberToHex(devnet.chain.id))
    expect(await text('account')).toBe(getAddress(devnet.accounts[0]?.address ?? '0x'))
  })

  it('sends a transaction and sees its receipt, and the block over WebSocket', async () => {
    await page.click('#send')
    const receipt = JSON.parse(await text('receipt'))
    expect(receipt).toMatchObject({ status: '0x1', to: receiver, type: '0x2' })
    expect(await text('head')).toBe(receipt.blockNumber)
    const client = createPublicClient({ chain: devnet.chain, transport: http() })
    expect(await client.getBalance({ address: receiver })).toBe(parseEther('1'))
    expect(complaints).toEqual([])
  })
})
