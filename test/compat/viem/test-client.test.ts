import { createTestClient, type Hex, http, numberToHex, parseEther, parseGwei, publicActions, walletActions } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningDevnet, startDevnet, zkdevnetActions } from '../../../sdk/index.ts'

const stranger = '0x00000000000000000000000000000000005eba57'
/** Returns the word in slot 0. */
const readsSlot0: Hex = '0x5f545f5260205ff3'

function createClient(devnet: RunningDevnet) {
  const options = { mode: 'anvil', chain: devnet.chain, transport: http(), pollingInterval: 20, cacheTime: 0 } as const
  return createTestClient(options).extend(publicActions).extend(walletActions).extend(zkdevnetActions())
}

describe("viem's test client in anvil mode", () => {
  let devnet: RunningDevnet
  let client: ReturnType<typeof createClient>
  let accounts: readonly Hex[]
  beforeAll(async () => {
    devnet = await startDevnet({ batchMaxAgeMs: 0 })
    client = createClient(devnet)
    accounts = await client.getAddresses()
  })
  afterAll(() => devnet.stop())

  it('edits accounts', async () => {
    await client.setBalance({ address: stranger, value: parseEther('3') })
    await client.setNonce({ address: stranger, nonce: 7 })
    expect(await client.getBalance({ address: stranger })).toBe(parseEther('3'))
    expect(await client.getTransactionCount({ address: stranger })).toBe(7)
    const address = '0x00000000000000000000000000000000000c0de5'
    await client.setCode({ address, bytecode: readsSlot0 })
    await client.setStorageAt({ address, index: 0, value: numberToHex(42, { size: 32 }) })
    expect(await client.call({ to: address })).toEqual({ data: numberToHex(42, { size: 32 }) })
  })

  it('sends as accounts whose keys nobody has', async () => {
    await client.setBalance({ address: stranger, value: parseEther('3') })
    await client.impersonateAccount({ address: stranger })
    const hash = await client.sendTransaction({ account: stranger, to: accounts[0] ?? stranger, value: 1n })
    expect((await client.waitForTransactionReceipt({ hash })).from).toBe(stranger)
    await client.stopImpersonatingAccount({ address: stranger })
    await expect(client.sendTransaction({ account: stranger, to: stranger, value: 1n })).rejects.toThrow()
    await client.sendUnsignedTransaction({ from: accounts[1] ?? stranger, to: stranger, value: 1n })
  })

  it('mines when it is told to, with the pool in sight', async () => {
    const [from = stranger] = accounts
    await client.setAutomine(false)
    expect(await client.getAutomine()).toBe(false)
    const kept = await client.sendTransaction({ account: from, to: stranger, value: 1n })
    const nonce = (await client.getTransaction({ hash: kept })).nonce + 1
    const dropped = await client.sendTransaction({ account: from, to: stranger, value: 2n, nonce })
    expect(await client.getTxpoolStatus()).toEqual({ pending: 2, queued: 0 })
    expect(Object.keys((await client.getTxpoolContent()).pending)).toHaveLength(1)
    expect(Object.keys((await client.inspectTxpool()).pending)).toHaveLength(1)
    await client.dropTransaction({ hash: dropped })
    await client.mine({ blocks: 1 })
    expect((await client.getTransactionReceipt({ hash: kept })).status).toBe('success')
    await expect(client.getTransaction({ hash: dropped })).rejects.toThrow('could not be found')
    await client.setAutomine(true)
  })

  it('sets time, fees, coinbase and gas limit of coming blocks', async () => {
    const { timestamp } = await client.getBlock()
    await client.increaseTime({ seconds: 600 })
    await client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('5') })
    await client.setCoinbase({ address: stranger })
    await client.mine({ blocks: 1 })
    const first = await client.getBlock()
    expect(first.timestamp).toBeGreaterThanOrEqual(timestamp + 600n)
    expect(first).toMatchObject({ baseFeePerGas: parseGwei('5'), miner: stranger })
    await client.setNextBlockTimestamp({ timestamp: first.timestamp + 100n })
    await client.mine({ blocks: 2, interval: 10 })
    expect((await client.getBlock()).timestamp).toBe(first.timestamp + 110n)
    await client.setBlockTimestampInterval({ interval: 30 })
    await client.mine({ blocks: 1 })
    expect((await client.getBlock()).timestamp).toBe(first.timestamp + 140n)
    await client.removeBlockTimestampInterval()
    await client.setBlockGasLimit({ gasLimit: 10_000_000n })
    await client.mine({ blocks: 1 })
    expect((await client.getBlock()).gasLimit).toBe(10_000_000n)
  })

  it('goes back to snapshots and dumps', async () => {
    await client.setBalance({ address: stranger, value: 5n })
    const id = await client.snapshot()
    const dump = await client.dumpState()
    await client.setBalance({ address: stranger, value: 6n })
    await client.revert({ id })
    expect(await client.getBalance({ address: stranger })).toBe(5n)
    await client.setBalance({ address: stranger, value: 7n })
    await client.loadState({ state: dump })
    expect(await client.getBalance({ address: stranger })).toBe(5n)
  })

  it('leaves a chain whose batches say which of them nobody proves, and why', async () => {
    await client.setBlockGasLimit({ gasLimit: 30_000_000n })
    await client.mine({ blocks: 1 })
    const cheated = await client.sealBatch()
    const hash = await client.sendTransaction({ account: accounts[0] ?? stranger, to: stranger, value: 1n })
    await client.sealBatch()
    expect(await client.waitForFinalized({ hash })).toMatchObject({ proofType: 'attested', devReasons: [] })
    const dev = await client.getBatch({ number: cheated ?? 0n })
    expect(dev).toMatchObject({ proofType: 'dev', status: 'executed', prove: null })
    const kinds = new Set(dev?.devReasons.map(({ kind }) => kind))
    for (const kind of ['stateEdited', 'impersonation', 'baseFee', 'gasLimit']) expect(kinds).toContain(kind)
  })
})
