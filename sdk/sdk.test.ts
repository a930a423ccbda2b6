import { createClient, custom, encodeAbiParameters, encodeEventTopics, type Hex, toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import { bridgeAbi as contractBridgeAbi, l2BaseTokenAbi, l2MessengerAbi } from '../contracts/index.ts'
import { predeploys } from '../core/index.ts'
import {
  baseTokenAbi,
  baseTokenAddress,
  bridgeAbi,
  claimWithdrawal,
  DepositNotFoundError,
  defineZkdevnet,
  defineZkdevnetL1,
  inboxIndexOf,
  MessageNotFoundError,
  messengerAbi,
  messengerAddress,
  TransactionNotSealedError,
  WaitTimeoutError,
  WithdrawalNotFinalError,
  walletNetwork,
  zkdevnetActions,
} from './index.ts'
import { devnetArguments } from './node/arguments.ts'

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const address: Hex = `0x${'a1'.repeat(20)}`

/** A client of a node that answers from a table; each answer may be a function of the params. */
function clientOf(answers: Record<string, (...params: readonly unknown[]) => unknown>) {
  const transport = custom({
    async request({ method, params = [] }) {
      const answer = answers[method]
      if (answer === undefined) throw new Error(`unexpected ${method}`)
      return answer(...params)
    },
  })
  return createClient({ transport })
}

const batchJson = (status: string) => ({
  ...{ number: '0x2', status, proofType: 'attested', firstBlock: '0x3', lastBlock: '0x5', lastBlockHash: word(1) },
  ...{ lastTimestamp: '0x10', stateRoot: word(2), messagesRoot: word(3), digest: word(4), programId: word(5) },
  ...{ transactionCount: '0x3', messageCount: '0x0', depositCount: '0x1', stateDiffBytes: '0x64', provingMs: null, cycles: null },
  devReasons: [{ kind: 'stateEdited', blockNumber: '0x3', detail: 'hardhat_setBalance' }],
  ...{ commit: { txHash: word(9), timestamp: '0x11', gasUsed: '0x5208' }, prove: null, execute: null },
})

describe('chains', () => {
  it('are where they are said to be', () => {
    expect(defineZkdevnet()).toMatchObject({ id: 313372, rpcUrls: { default: { http: ['http://127.0.0.1:3050'] } }, sourceId: 31337 })
    expect(defineZkdevnet({ port: 1 }).rpcUrls.default).toEqual({ http: ['http://127.0.0.1:1'], webSocket: ['ws://127.0.0.1:1'] })
    expect(defineZkdevnet({ l2Url: 'https://x', chainId: 7 })).toMatchObject({ id: 7, rpcUrls: { default: { webSocket: ['wss://x'] } } })
    expect(defineZkdevnetL1({ l1Port: 2 })).toMatchObject({ id: 31337, rpcUrls: { default: { http: ['http://127.0.0.1:2'] } } })
  })

  it('become what a wallet takes (EIP-3085)', () => {
    expect(walletNetwork(defineZkdevnet())).toEqual({
      chainId: '0x4c81c',
      chainName: 'zkdevnet',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: ['http://127.0.0.1:3050'],
    })
  })
})

describe('the contracts', () => {
  const signatures = (abi: readonly { type: string }[]) =>
    abi.flatMap((item) => (item.type === 'function' ? [toFunctionSelector(item as Parameters<typeof toFunctionSelector>[0] & object)] : []))

  it('are those that are deployed', () => {
    expect(signatures(contractBridgeAbi)).toEqual(expect.arrayContaining(signatures(bridgeAbi)))
    expect(signatures(l2BaseTokenAbi)).toEqual(expect.arrayContaining(signatures(baseTokenAbi)))
    expect(signatures(l2MessengerAbi)).toEqual(expect.arrayContaining(signatures(messengerAbi)))
    expect([baseTokenAddress, messengerAddress]).toEqual([predeploys.baseToken, predeploys.messenger])
    const eventOf = (abi: readonly { type: string }[]) =>
      abi.find((item) => item.type === 'event' && Object(item).name === 'DepositInitiated')
    expect(Object(eventOf(contractBridgeAbi)).inputs.map(({ type }: { type: string }) => type)).toEqual(
      Object(eventOf(bridgeAbi)).inputs.map(({ type }: { type: string }) => type),
    )
  })

  it('tell the Inbox index of a deposit', () => {
    const topics = encodeEventTopics({
      abi: bridgeAbi,
      eventName: 'DepositInitiated',
      args: { inboxIndex: 7n, sender: address, to: address },
    }) as [Hex, ...Hex[]]
    const log = { address, topics, data: encodeAbiParameters([{ type: 'uint256' }], [5n]) }
    const receipt = { transactionHash: word(1), logs: [Object(log)] }
    expect(inboxIndexOf(receipt)).toBe(7n)
    expect(() => inboxIndexOf({ ...receipt, logs: [] })).toThrow(DepositNotFoundError)
  })
})

describe('waitForBatch', () => {
  it('returns the batch as soon as it is that far', async () => {
    const statuses = ['sealed', 'committed', 'executed']
    const client = clientOf({
      eth_getTransactionReceipt: () => ({ blockNumber: '0x4', l1BatchNumber: statuses.length === 3 && asked++ === 0 ? null : '0x2' }),
      zkdevnet_getBatch: () => batchJson(statuses.shift() ?? 'executed'),
    })
    let asked = 0
    const batch = await zkdevnetActions()(client).waitForBatch({ hash: word(1), status: 'proven', pollingInterval: 1 })
    expect(batch).toMatchObject({ number: 2n, status: 'executed', firstBlock: 3n, provingMs: null, prove: null, cycles: null })
    expect(batch.devReasons).toEqual([{ kind: 'stateEdited', blockNumber: 3n, detail: 'hardhat_setBalance' }])
    expect(batch.commit).toEqual({ txHash: word(9), timestamp: 17n, gasUsed: 21000n })
  })

  it('finds batches by number and by block', async () => {
    const client = clientOf({
      eth_getBlockByNumber: (number) => (number === '0x4' ? { l1BatchNumber: '0x2' } : null),
      zkdevnet_getBatch: (number) => (number === '0x2' ? batchJson('executed') : null),
    })
    const actions = zkdevnetActions()(client)
    expect((await actions.waitForFinalized({ number: 2n })).number).toBe(2n)
    expect((await actions.waitForFinalized({ blockNumber: 4n })).number).toBe(2n)
    expect(await actions.getBatchOfBlock({ blockNumber: 9n })).toBeNull()
    expect(await actions.getBatch({ number: 3n })).toBeNull()
  })

  it('gives up in time, when told to, and where there is nothing to wait for', async () => {
    const client = clientOf({ eth_getTransactionReceipt: () => null, zkdevnet_getBatch: () => batchJson('sealed') })
    const actions = zkdevnetActions()(client)
    await expect(actions.waitForFinalized({ number: 2n, timeoutMs: 3, pollingInterval: 1 })).rejects.toThrow(WaitTimeoutError)
    await expect(actions.waitForFinalized({ hash: word(1) })).rejects.toThrow(TransactionNotSealedError)
    const reason = new Error('enough')
    const abort = new AbortController()
    const waiting = actions.waitForFinalized({ number: 2n, signal: abort.signal, pollingInterval: 60_000 })
    abort.abort(reason)
    await expect(waiting).rejects.toBe(reason)
  })
})

describe('claimWithdrawal', () => {
  const wallet = createClient({ account: address, transport: custom({ request: () => Promise.reject(new Error('not asked')) }) })
  const claim = (client: ReturnType<typeof clientOf>) => claimWithdrawal(wallet, { client, hash: word(1) })
  const receipt = { blockNumber: '0x4', l1BatchNumber: '0x2' }

  it('says what to wait for before it is final', async () => {
    const open = clientOf({ eth_getTransactionReceipt: () => ({ ...receipt, l1BatchNumber: null }) })
    await expect(claim(open)).rejects.toThrow(WithdrawalNotFinalError)
    const proven = clientOf({ eth_getTransactionReceipt: () => receipt, zkdevnet_getBatch: () => batchJson('proven') })
    await expect(claim(proven)).rejects.toThrow('its batch is proven')
  })

  it('says that the transaction sent no message', async () => {
    const client = clientOf({
      eth_getTransactionReceipt: () => receipt,
      zkdevnet_getBatch: () => batchJson('executed'),
      zkdevnet_getMessageProofs: () => [],
    })
    await expect(claim(client)).rejects.toThrow(MessageNotFoundError)
  })
})

describe('the command line of a devnet', () => {
  it('takes free ports and keeps nothing, unless told otherwise', () => {
    expect(devnetArguments({}).join(' ')).toBe(
      'dev --json --stop-with-stdin --ephemeral --port 0 --l1-port 0 --broker-port 0 --proofs attested',
    )
    expect(devnetArguments({ dataDir: 'd', port: 5, noMining: true, batchMaxAgeMs: 0, args: ['-v'] }).join(' ')).toBe(
      'dev --json --stop-with-stdin --no-mining --data-dir d --port 5 --l1-port 0 --broker-port 0 --proofs attested --batch-max-age-ms 0 -v',
    )
  })
})
