import { setTimeout as wait } from 'node:timers/promises'
import { createPublicClient, createWalletClient, type Hex, http, parseAbi } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { expect } from 'vitest'
import type { ReadyLine } from './devnet-process.ts'

export const rollupAbi = parseAbi([
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

/** What `zkdevnet_status` answers, as far as the tests look. */
export interface StatusJson {
  readonly blocks: { readonly latest: Hex; readonly safe: Hex; readonly finalized: Hex }
  readonly batches: { readonly sealed: Hex; readonly committed: Hex; readonly proven: Hex; readonly executed: Hex }
  readonly openBatch: { readonly number: Hex; readonly lastBlock: Hex | null; readonly transactionCount: Hex }
  readonly pool: { readonly pending: Hex; readonly queued: Hex }
  readonly l1: {
    readonly reachable: boolean
    readonly blockNumber: Hex | null
    readonly upgrade: { readonly programId: Hex; readonly verifier: Hex; readonly earliest: Hex } | null
  }
  readonly settlement: {
    readonly state: 'running' | 'unreachable' | 'blocked'
    readonly error: { readonly code: string; readonly message: string } | null
  }
  readonly automine: boolean
}

export interface RpcErrorJson {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

export interface RpcAnswer {
  readonly id: unknown
  readonly result?: unknown
  readonly error?: RpcErrorJson
}

let nextId = 0

/** The whole answer to one request over HTTP. */
export async function askRaw(url: string, method: string, params: readonly unknown[] = []): Promise<RpcAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: ++nextId, method, params }),
  })
  return JSON.parse(await response.text())
}

/** The result of a method; `Result` is what docs/rpc.md says. */
async function ask<Result>(url: string, method: string, ...params: unknown[]): Promise<Result> {
  const { result, error } = await askRaw(url, method, params)
  if (error !== undefined) throw new Error(`${method}: ${error.code} ${error.message} ${JSON.stringify(error.data ?? null)}`)
  return result as Result
}

const statusOf = ({ l2Url }: Pick<ReadyLine, 'l2Url'>): Promise<StatusJson> => ask<StatusJson>(l2Url, 'zkdevnet_status')

/** Asks again until the answer is truthy. The limit only turns a hang into a failure that says what was missing. */
export async function until<Value>(
  what: string,
  read: () => Promise<Value | null | undefined | false>,
  { withinMs = 20_000, everyMs = 20 }: { readonly withinMs?: number; readonly everyMs?: number } = {},
): Promise<Value> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await read()
    if (value !== null && value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`after ${withinMs} ms still not: ${what}`)
    await wait(everyMs)
  }
}

/** A user of both layers. */
export class DevnetClient {
  readonly ready: ReadyLine
  readonly account: PrivateKeyAccount
  readonly l1
  readonly l2
  readonly l1Wallet

  constructor(ready: ReadyLine, accountIndex = 0) {
    const key = ready.accounts[accountIndex]?.privateKey
    if (key === undefined) throw new Error(`no dev account ${accountIndex}`)
    this.ready = ready
    this.account = privateKeyToAccount(key)
    // No retries: an error is a finding.
    this.l1 = createPublicClient({ transport: http(ready.l1Url, { retryCount: 0 }), pollingInterval: 20, cacheTime: 0 })
    this.l2 = createPublicClient({ transport: http(ready.l2Url, { retryCount: 0 }), pollingInterval: 20, cacheTime: 0 })
    this.l1Wallet = createWalletClient({ account: this.account, transport: http(ready.l1Url, { retryCount: 0 }) })
  }

  status(): Promise<StatusJson> {
    return statusOf(this.ready)
  }

  ask<Result>(method: string, ...params: unknown[]): Promise<Result> {
    return ask<Result>(this.ready.l2Url, method, ...params)
  }

  pendingNonce(): Promise<number> {
    return this.l2.getTransactionCount({ address: this.account.address, blockTag: 'pending' })
  }

  async sign(fields: { nonce: number; to?: Hex; value?: bigint; gas?: bigint; data?: Hex }): Promise<Hex> {
    const { to, data, ...rest } = { value: 1n, gas: 21_000n, ...fields }
    return this.account.signTransaction({
      ...rest,
      ...(to === undefined ? {} : { to }),
      ...(data === undefined ? {} : { data }),
      type: 'eip1559',
      chainId: 313372,
      maxFeePerGas: 20_000_000_000n,
      maxPriorityFeePerGas: 1n,
    })
  }

  /** Sends `count` transfers of one wei, one after the other. */
  async transfer(to: Hex, count = 1): Promise<readonly Hex[]> {
    const hashes: Hex[] = []
    for (const first = await this.pendingNonce(); hashes.length < count; ) {
      const raw = await this.sign({ nonce: first + hashes.length, to })
      hashes.push(await this.ask<Hex>('eth_sendRawTransaction', raw))
    }
    return hashes
  }

  /** Deploys init code and returns the contract's address. */
  async deploy(data: Hex, gas = 1_000_000n): Promise<Hex> {
    const hash = await this.ask<Hex>('eth_sendRawTransaction', await this.sign({ nonce: await this.pendingNonce(), data, gas, value: 0n }))
    const { contractAddress, status } = await this.l2.getTransactionReceipt({ hash })
    if (status !== 'success' || contractAddress == null) throw new Error('the deployment failed')
    return contractAddress
  }

  async deposit(to: Hex, value: bigint): Promise<void> {
    const hash = await this.l1Wallet.writeContract({
      chain: null,
      address: this.ready.contracts.bridge,
      abi: bridgeAbi,
      functionName: 'depositETH',
      args: [to],
      value,
      gas: 1_500_000n,
    })
    expect((await this.l1.waitForTransactionReceipt({ hash })).status).toBe('success')
  }

  balance(address: Hex): Promise<bigint> {
    return this.l2.getBalance({ address })
  }

  untilBalance(address: Hex, balance: bigint): Promise<unknown> {
    return until(`${address} has ${balance} wei on L2`, async () => (await this.balance(address)) === balance)
  }

  /** Waits until every block that is there now is in an executed batch. */
  async untilFinal(): Promise<void> {
    const head = await this.l2.getBlockNumber()
    await until(`block ${head} is final`, async () => (await this.l2.getBlock({ blockTag: 'finalized' })).number >= head)
  }

  lastExecuted(): Promise<bigint> {
    return this.l1.readContract({ address: this.ready.contracts.rollup, abi: rollupAbi, functionName: 'lastExecutedBatch' })
  }

  stateRootOnL1(batch: bigint): Promise<Hex> {
    return this.l1.readContract({ address: this.ready.contracts.rollup, abi: rollupAbi, functionName: 'stateRoot', args: [batch] })
  }

  /** Each batch was committed, proven and executed exactly once and in order, and L1's root is that of the finalized block. */
  async expectSettledOnce(): Promise<bigint> {
    const last = await this.lastExecuted()
    const every = Array.from({ length: Number(last) }, (_, index) => BigInt(index + 1))
    for (const eventName of ['BatchCommitted', 'BatchProven', 'BatchExecuted'] as const) {
      const { rollup } = this.ready.contracts
      const events = await this.l1.getContractEvents({ address: rollup, abi: rollupAbi, eventName, fromBlock: 0n, strict: true })
      expect([eventName, events.map(({ args }) => args.number).filter((number) => number > 0n)]).toEqual([eventName, every])
    }
    const finalized = await this.l2.getBlock({ blockTag: 'finalized' })
    expect(await this.stateRootOnL1(last)).toBe(finalized.stateRoot)
    return last
  }
}
