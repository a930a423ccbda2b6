import { createPublicClient, createWalletClient, type Hex, http, parseAbi, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, describe, expect, it } from 'vitest'
import { type FaultStage, faultStages } from '../../core/index.ts'
import { DevnetEndedError, type DevnetProcess, removeDirectory, scratchDirectory, startDevnet } from '../testing/devnet-process.ts'

const rollupAbi = parseAbi([
  'function lastCommittedBatch() view returns (uint64)',
  'function lastExecutedBatch() view returns (uint64)',
  'function stateRoot(uint64 number) view returns (bytes32)',
  'event BatchCommitted(uint64 indexed number, bytes32 indexed batchHash, bytes32 indexed digest)',
  'event BatchProven(uint64 indexed number, bytes32 indexed batchHash, bytes32 indexed digest)',
  'event BatchExecuted(uint64 indexed number, bytes32 indexed batchHash, bytes32 stateRoot, bytes32 messagesRoot)',
])
const bridgeAbi = parseAbi([
  'function depositETH(address to) payable returns (uint64)',
  'event DepositInitiated(uint64 indexed inboxIndex, address indexed sender, address indexed to, uint256 amount)',
])

const chain = (id: number, url: string) => ({
  id,
  name: 'devnet',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [url] } },
})

/** What the outside world did and was told, over all restarts. */
class Workload {
  readonly receiver: Hex = '0x00000000000000000000000000000000decaf000'
  readonly depositReceiver: Hex = '0x00000000000000000000000000000000decaf001'
  readonly answered: Hex[] = []
  #signed: { nonce: number; raw: Hex } | undefined

  clients(devnet: DevnetProcess) {
    const { l1Url, l2Url, accounts } = devnet.ready
    const key = accounts[0]?.privateKey
    if (key === undefined) throw new Error('no dev account')
    const account = privateKeyToAccount(key)
    return {
      account,
      l1: createPublicClient({ transport: http(l1Url, { retryCount: 0 }), pollingInterval: 20 }),
      l2: createPublicClient({ transport: http(l2Url, { retryCount: 0 }), pollingInterval: 20 }),
      l1Wallet: createWalletClient({ account, chain: chain(31337, l1Url), transport: http(l1Url, { retryCount: 0 }) }),
    }
  }

  /** Sends transactions until the node dies or `limit` are answered; one that was not answered is sent again next time, the same bytes. */
  async transfer(devnet: DevnetProcess, limit: number): Promise<void> {
    const { l2, account } = this.clients(devnet)
    for (let sent = 0; sent < limit; sent++) {
      const nonce = await l2.getTransactionCount({ address: account.address, blockTag: 'pending' })
      if (this.#signed === undefined || this.#signed.nonce !== nonce) {
        const raw = await account.signTransaction({
          chainId: 313372,
          nonce,
          gas: 21_000n,
          maxFeePerGas: 20_000_000_000n,
          maxPriorityFeePerGas: 1n,
          to: this.receiver,
          value: 1n,
        })
        this.#signed = { nonce, raw }
      }
      const hash = await l2.request({ method: 'eth_sendRawTransaction', params: [this.#signed.raw] })
      this.answered.push(hash)
      this.#signed = undefined
    }
  }

  async deposit(devnet: DevnetProcess): Promise<void> {
    const { l1, l1Wallet } = this.clients(devnet)
    const hash = await l1Wallet.writeContract({
      address: devnet.ready.contracts.bridge,
      abi: bridgeAbi,
      functionName: 'depositETH',
      args: [this.depositReceiver],
      value: parseEther('0.5'),
      gas: 1_500_000n,
    })
    // viem goes on asking a node that is gone.
    const gone = devnet.exited.then(() => {
      throw new Error('HTTP request failed: the node is gone')
    })
    const { status } = await Promise.race([l1.waitForTransactionReceipt({ hash }), gone])
    expect(status).toBe('success')
  }
}

async function untilFinal(devnet: DevnetProcess, workload: Workload): Promise<void> {
  const { l2 } = workload.clients(devnet)
  const head = await l2.getBlockNumber({ cacheTime: 0 })
  for (;;) {
    const { number } = await l2.getBlock({ blockTag: 'finalized' })
    if (number >= head) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** More than that would be a deposit credited twice, which the caller sees. */
async function untilCredited(devnet: DevnetProcess, workload: Workload, amount: bigint): Promise<void> {
  const { l2 } = workload.clients(devnet)
  while ((await l2.getBalance({ address: workload.depositReceiver })) < amount) await new Promise((resolve) => setTimeout(resolve, 50))
}

describe('kill -9 at each stage of the pipeline, then a restart', () => {
  const dataDir = scratchDirectory()
  const workload = new Workload()
  afterAll(() => removeDirectory(dataDir))

  const died = async (devnet: DevnetProcess) => expect((await devnet.exited).signal).toBe('SIGKILL')

  it.each(faultStages.map((stage, index) => [stage, (index % 2) + 1] as const))('dies at %s', async (stage: FaultStage, occurrence) => {
    const faulty = await startDevnet({
      dataDir,
      entry: 'test/testing/faulty-node.ts',
      args: ['--batch-max-age-ms', '100'],
      env: { KILL_AT: stage, KILL_AFTER: String(occurrence) },
    }).catch((error: unknown) => {
      // A stage may be reached during the start, when the last life's work goes on.
      if (error instanceof DevnetEndedError && error.signal === 'SIGKILL') return undefined
      throw error
    })
    if (faulty === undefined) return
    // What the client gets when the node dies under its request is a network error; anything else is a finding.
    const disturbed = (error: unknown) => expect(String(error)).toMatch(/HTTP request failed|fetch failed|ECONN|socket|terminated/i)
    await workload.deposit(faulty).catch(disturbed)
    // More than the stage needs: the node dies under it.
    await workload.transfer(faulty, 20_000).catch(disturbed)
    await died(faulty)
  })

  it('kills an agent while it has a job', async () => {
    const devnet = await startDevnet({ dataDir, args: ['--batch-max-age-ms', '100'] })
    for (let round = 0; round < 3; round++) {
      await workload.transfer(devnet, 5)
      const agent = devnet.ready.agents[0]
      if (round === 0 && agent !== undefined) process.kill(agent, 'SIGKILL')
    }
    await untilFinal(devnet, workload)
    await devnet.kill()
  })

  it('has lost nothing and done nothing twice', async () => {
    const devnet = await startDevnet({ dataDir, args: ['--batch-max-age-ms', '100'] })
    const { l1, l2 } = workload.clients(devnet)
    await workload.transfer(devnet, 1)
    // A deposit that a dying node made on L1 is seen by the next one when it looks there, which nothing above waits for.
    const deposits = await l1.getContractEvents({
      address: devnet.ready.contracts.bridge,
      abi: bridgeAbi,
      eventName: 'DepositInitiated',
      fromBlock: 0n,
      strict: true,
    })
    const deposited = deposits.reduce((sum, { args }) => sum + args.amount, 0n)
    await untilCredited(devnet, workload, deposited)
    await untilFinal(devnet, workload)

    // Every answered transaction is in exactly one place, and nothing else moved money to the receiver.
    const unique = new Set(workload.answered)
    const receipts = await Promise.all([...unique].map((hash) => l2.getTransactionReceipt({ hash })))
    expect(receipts.every(({ status }) => status === 'success')).toBe(true)
    expect(new Set(receipts.map(({ transactionHash }) => transactionHash)).size).toBe(unique.size)
    const received = await l2.getBalance({ address: workload.receiver })
    const count = await l2.getTransactionCount({ address: devnet.ready.accounts[0]?.address ?? '0x' })
    expect(received).toBe(BigInt(count))
    expect(received).toBeGreaterThanOrEqual(BigInt(unique.size))

    // Each deposit on L1 is credited once.
    expect(deposits.length).toBeGreaterThan(0)
    expect(await l2.getBalance({ address: workload.depositReceiver })).toBe(deposited)

    // Each batch was committed, proven and executed exactly once, and L1's root is the L2's.
    const { rollup } = devnet.ready.contracts
    for (const eventName of ['BatchCommitted', 'BatchProven', 'BatchExecuted'] as const) {
      const events = await l1.getContractEvents({ address: rollup, abi: rollupAbi, eventName, fromBlock: 0n, strict: true })
      const numbers = events.map(({ args }) => args.number).filter((number) => number > 0n)
      const last = await l1.readContract({ address: rollup, abi: rollupAbi, functionName: 'lastExecutedBatch' })
      expect(numbers).toEqual(Array.from({ length: Number(last) }, (_, index) => BigInt(index + 1)))
    }
    const last = await l1.readContract({ address: rollup, abi: rollupAbi, functionName: 'lastExecutedBatch' })
    const finalized = await l2.getBlock({ blockTag: 'finalized' })
    expect(await l1.readContract({ address: rollup, abi: rollupAbi, functionName: 'stateRoot', args: [last] })).toBe(finalized.stateRoot)
    expect(await devnet.stop()).toBe(0)
  })
})
