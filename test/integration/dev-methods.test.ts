import { createTestClient, custom, encodeFunctionData, erc20Abi, type Hex, parseEther, publicActions, toHex, walletActions } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import { predeploys } from '../../core/index.ts'
import { account, testChainId, testCoinbase } from '../../sequencer/testing/test-chain.ts'
import { tokenCode } from '../../stf/testing/contracts.ts'
import { type RpcOnChain, startRpcOnChain } from '../testing/rpc-on-chain.ts'

const alice = account(0).address
const stranger: Hex = '0x00000000000000000000000000000000000000bb'
const token: Hex = '0x00000000000000000000000000000000000c0de1'
/** Answers balanceOf and allowance with the slot that is the exclusive or of the addresses. */
const erc20Code: Hex = '0x60043560243518545f5260205ff3'

let node: RpcOnChain
beforeEach(async () => {
  node = await startRpcOnChain()
})

const fail = async (method: string, ...params: unknown[]) =>
  node.call(method, ...params).then(
    () => undefined,
    (error: { rpcCode: number; message: string }) => ({ code: error.rpcCode, message: error.message }),
  )
const head = async () => BigInt(await node.call<Hex>('eth_blockNumber'))
const reasons = (block: bigint) => node.chain.store.devReasons(block).map(({ kind }) => kind)

describe('the state of an account', () => {
  it.each([
    ['hardhat_setBalance', true],
    ['anvil_setBalance', true],
    ['tenderly_setBalance', true],
  ])('%s sets the balance, in any spelling of a number', async (method, result) => {
    for (const [amount, value] of [
      ['0x10', 16n],
      [17, 17n],
      ['18', 18n],
      ['0x0013', 19n],
    ] as const) {
      expect(await node.call(method, stranger, amount)).toBe(result)
      expect(BigInt(await node.call<Hex>('eth_getBalance', stranger))).toBe(value)
    }
    expect(await fail(method, stranger, toHex(2n ** 256n))).toMatchObject({ code: -32602 })
    expect(await fail(method, stranger, -1)).toMatchObject({ code: -32602 })
    expect(await fail(method, '0x12', '0x1')).toMatchObject({ code: -32602 })
    expect(await head()).toBe(0n)
  })

  it('balances are added to, up to the last wei', async () => {
    expect(await node.call('anvil_addBalance', stranger, '0x5')).toBeNull()
    await node.call('hardhat_addBalance', stranger, 6)
    expect(await node.call('eth_getBalance', stranger, 'latest')).toBe('0xb')
    expect(await node.call('eth_getBalance', stranger, 'pending')).toBe('0xb')
    expect(await fail('anvil_addBalance', stranger, toHex(2n ** 256n - 1n))).toMatchObject({
      code: -32602,
      message: expect.stringContaining('256 bits'),
    })
  })

  it('nonces are raised as in Hardhat, or set as in anvil', async () => {
    expect(await node.call('hardhat_setNonce', alice, '0x5')).toBe(true)
    expect(await node.call('eth_getTransactionCount', alice)).toBe('0x5')
    const tooSmall = expect.stringContaining('New nonce (4) must not be smaller than the existing nonce (5)')
    expect(await fail('hardhat_setNonce', alice, '0x4')).toMatchObject({ code: -32602, message: tooSmall })
    expect(await node.call('anvil_setNonce', alice, 2)).toBeNull()
    await node.call('evm_setAccountNonce', alice, '0x1')
    expect(await node.call('eth_getTransactionCount', alice)).toBe('0x1')
    await node.call('evm_setAutomine', false)
    await node.send({ from: account(0), nonce: 1 })
    expect(await fail('hardhat_setNonce', alice, '0x9')).toMatchObject({
      message: 'Cannot set account nonce when the transaction pool is not empty',
    })
  })

  it('code and slots are set', async () => {
    await node.call('hardhat_setCode', token, tokenCode)
    await node.call('anvil_setStorageAt', token, '0x5', toHex(7n, { size: 32 }))
    await node.call('hardhat_setStorageAt', stranger, toHex(6n, { size: 32 }), toHex(8n, { size: 32 }))
    expect(await node.call('eth_getCode', token)).toBe(tokenCode)
    expect(BigInt(await node.call<Hex>('eth_getStorageAt', token, '0x5'))).toBe(7n)
    expect(BigInt(await node.call<Hex>('eth_getStorageAt', stranger, '0x6'))).toBe(8n)
    expect(await fail('hardhat_setStorageAt', token, '0x5', '0x07')).toMatchObject({ code: -32602 })
    await node.call('evm_mine')
    expect(reasons(1n)).toEqual(['stateEdited', 'stateEdited', 'stateEdited'])
    expect(await node.call('eth_getAccountInfo', token)).toMatchObject({ code: tokenCode, nonce: '0x0' })
    expect(await node.call('eth_getAccount', stranger)).toMatchObject({ nonce: '0x1', balance: '0x0' })
  })

  it('is proven against the root that the header has', async () => {
    await node.call('hardhat_setBalance', stranger, '0x10')
    expect(await node.call('eth_getProof', stranger, [], 'latest')).toMatchObject({ balance: '0x0' })
    await node.call('evm_mine')
    expect(await node.call('eth_getProof', stranger, [], 'latest')).toMatchObject({ balance: '0x10' })
  })
})

describe('impersonation', () => {
  const send = (from: Hex, fields: object = {}) => node.call<Hex>('eth_sendTransaction', { from, to: alice, value: '0x5', ...fields })

  beforeEach(() => node.call('hardhat_setBalance', stranger, toHex(parseEther('1'))))

  it('lets a stranger send, in the shape of any transaction', async () => {
    expect(await fail('eth_sendTransaction', { from: stranger, to: alice })).toMatchObject({ code: -32000 })
    expect(await node.call('hardhat_impersonateAccount', stranger)).toBe(true)
    const hash = await send(stranger)
    const transaction = await node.call<Record<string, unknown>>('eth_getTransactionByHash', hash)
    expect(transaction).toMatchObject({ from: stranger, to: alice, value: '0x5', nonce: '0x0', type: '0x2', hash })
    for (const field of ['r', 's', 'v', 'yParity']) expect(transaction[field]).toMatch(/^0x/)
    expect(await node.call('eth_getTransactionReceipt', hash)).toMatchObject({ from: stranger, status: '0x1', transactionHash: hash })
    expect(await node.call('hardhat_stopImpersonatingAccount', stranger)).toBe(true)
    expect(await node.call('anvil_stopImpersonatingAccount', stranger)).toBe(false)
    expect(await fail('eth_sendTransaction', { from: stranger, to: alice })).toMatchObject({
      message: expect.stringContaining('unknown account'),
    })
    expect(reasons(1n)).toEqual(['stateEdited', 'impersonation'])
  })

  it('is of everybody where that is asked for, and of one transaction', async () => {
    await node.call('anvil_autoImpersonateAccount', true)
    await send(stranger)
    await node.call('hardhat_autoImpersonateAccount', false)
    expect(await fail('eth_sendTransaction', { from: stranger, to: alice })).toBeDefined()
    const hash = await node.call<Hex>('eth_sendUnsignedTransaction', { from: stranger, to: alice, value: '0x1' })
    expect(await node.call('eth_getTransactionBySenderAndNonce', stranger, '0x1')).toMatchObject({ hash })
  })

  it('does not replace the key of a dev account', async () => {
    await node.call('hardhat_impersonateAccount', alice)
    await send(alice)
    expect(reasons(await head())).toEqual(['stateEdited'])
  })

  it('keeps the nonces of transactions that are sent at once apart', async () => {
    await node.call('hardhat_impersonateAccount', stranger)
    const hashes = await Promise.all([1, 2, 3].map((value) => send(stranger, { value: toHex(value) })))
    expect(new Set(hashes).size).toBe(3)
    expect(await node.call('eth_getTransactionCount', stranger)).toBe('0x3')
  })

  it('gives the bytes that anybody may see, and nobody can send', async () => {
    await node.call('hardhat_impersonateAccount', stranger)
    const raw = await node.call<Hex>('eth_getRawTransactionByHash', await send(stranger))
    expect(await node.call('eth_getRawTransactionByBlockNumberAndIndex', '0x1', '0x0')).toBe(raw)
    expect(await fail('eth_sendRawTransaction', raw)).toMatchObject({ message: expect.stringContaining('invalid sender') })
  })

  it('is traced', async () => {
    await node.call('hardhat_impersonateAccount', stranger)
    const hash = await send(stranger)
    expect(await node.call('debug_traceTransaction', hash, { tracer: 'callTracer' })).toMatchObject({ from: stranger, value: '0x5' })
    expect(await node.call('eth_sendTransactionSync', { from: stranger, to: alice })).toMatchObject({ from: stranger, status: '0x1' })
  })
})

describe('coming blocks', () => {
  const latest = () => node.call<Record<string, Hex>>('eth_getBlockByNumber', 'latest', false)

  it('have the coinbase, prevRandao, base fee and gas limit that were set', async () => {
    const randao = toHex(9n, { size: 32 })
    await node.call('hardhat_setCoinbase', stranger)
    await node.call('hardhat_setPrevRandao', randao)
    await node.call('hardhat_setNextBlockBaseFeePerGas', '0x7')
    expect(await node.call('evm_setBlockGasLimit', '0x1c9c381')).toBe(true)
    expect(await node.call('eth_coinbase')).toBe(stranger)
    await node.call('evm_mine')
    expect(await latest()).toMatchObject({ miner: stranger, mixHash: randao, baseFeePerGas: '0x7', gasLimit: '0x1c9c381' })
    await node.call('anvil_setBlockGasLimit', 30_000_000)
    await node.call('anvil_setCoinbase', testCoinbase)
    await node.call('evm_mine')
    expect(await latest()).toMatchObject({ miner: testCoinbase, gasLimit: '0x1c9c380' })
    expect([reasons(1n), reasons(2n)]).toEqual([['baseFee', 'gasLimit'], []])
    expect(await fail('evm_setBlockGasLimit', 0)).toMatchObject({ code: -32602 })
  })

  it('are so many seconds apart', async () => {
    await node.call('anvil_setBlockTimestampInterval', 100)
    const before = BigInt((await latest()).timestamp ?? 0)
    await node.call('anvil_mine_detailed', { blocks: 2 })
    expect(BigInt((await latest()).timestamp ?? 0)).toBe(before + 200n)
    expect([await node.call('anvil_removeBlockTimestampInterval'), await node.call('anvil_removeBlockTimestampInterval')]).toEqual([
      true,
      false,
    ])
  })

  it('are shown as they are sealed', async () => {
    await node.call('evm_setAutomine', false)
    const hash = await node.send({ from: account(0), nonce: 0 })
    const blocks = await node.call<Record<string, unknown>[]>('evm_mine_detailed', { blocks: 2 })
    expect(blocks.map(({ number }) => number)).toEqual(['0x1', '0x2'])
    expect(blocks[0]).toMatchObject({ transactions: [{ hash }] })
    expect(blocks[1]).toMatchObject({ transactions: [] })
    expect(await node.call('anvil_getGenesisTime')).toBe(1_700_000_000)
  })

  it('come by interval where one is set', async () => {
    expect(await node.call('anvil_getIntervalMining')).toBeNull()
    await node.call('anvil_setIntervalMining', 3_600)
    expect(await node.call('anvil_getIntervalMining')).toBe(3_600)
    await node.call('anvil_setIntervalMining', 0)
  })

  it.each(['hardhat_setMinGasPrice', 'anvil_setMinGasPrice', 'anvil_setChainId', 'anvil_setRpcUrl'])('%s is refused', async (method) => {
    expect(await fail(method, '0x1')).toMatchObject({ code: -32000 })
  })
})

describe('the pool', () => {
  it('gives up transactions', async () => {
    await node.call('evm_setAutomine', false)
    const hashes: Hex[] = []
    for (const [from, nonce] of [
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 0],
    ] as const)
      hashes.push(await node.send({ from: account(from), nonce }))
    expect(await node.call('hardhat_dropTransaction', hashes[0])).toBe(true)
    expect(await node.call('hardhat_dropTransaction', hashes[0])).toBe(false)
    expect([await node.call('anvil_dropTransaction', hashes[3]), await node.call('anvil_dropTransaction', hashes[3])]).toEqual([
      hashes[3],
      null,
    ])
    await node.call('anvil_removePoolTransactions', account(1).address)
    expect(await node.call('txpool_status')).toEqual({ pending: '0x0', queued: '0x0' })
    const mined = await node.send({ from: account(0), nonce: 0, value: 1n })
    await node.call('evm_mine')
    expect(await fail('hardhat_dropTransaction', mined)).toMatchObject({
      message: `Transaction ${mined} cannot be dropped because it's already mined`,
    })
    await node.send({ from: account(2), nonce: 0 })
    await node.call('hardhat_dropAllTransactions')
    expect(await node.call('txpool_status')).toEqual({ pending: '0x0', queued: '0x0' })
  })
})

describe('going back', () => {
  it('to the start, with everything that was set', async () => {
    const genesis = node.chain.store.head().hash
    await node.call('evm_setAutomine', false)
    await node.call('hardhat_impersonateAccount', stranger)
    await node.call('hardhat_setCoinbase', stranger)
    await node.call('hardhat_mine', '0x3')
    await node.call('hardhat_setBalance', stranger, '0x1')
    expect(await node.call('hardhat_reset')).toBe(true)
    expect(node.chain.store.head().hash).toBe(genesis)
    expect(await node.call('eth_getBalance', stranger)).toBe('0x0')
    expect([await node.call('eth_coinbase'), await node.call('evm_getAutomine')]).toEqual([testCoinbase, true])
    expect(node.chain.dev.isImpersonated(stranger)).toBe(false)
    await node.call('anvil_reset', { forking: { blockNumber: null } })
    expect(await fail('hardhat_reset', { forking: { jsonRpcUrl: 'http://localhost' } })).toMatchObject({
      message: expect.stringContaining('Forking'),
    })
  })

  it('by so many blocks', async () => {
    await node.call('hardhat_mine', 4)
    await node.call('anvil_rollback')
    expect(await head()).toBe(3n)
    await node.call('anvil_rollback', 2)
    expect(await head()).toBe(1n)
    expect(await fail('anvil_rollback', 2)).toMatchObject({ code: -32602 })
  })
})

describe('a dumped state', () => {
  it('is loaded elsewhere, in blocks as large as L1 takes', async () => {
    await node.call('hardhat_setCode', token, tokenCode)
    for (let slot = 1; slot <= 3; slot++) await node.call('hardhat_setStorageAt', token, toHex(slot), toHex(slot * 2, { size: 32 }))
    for (let i = 1; i <= 4; i++) await node.call('hardhat_setCode', `0x${'7'.repeat(39)}${i}`, `0x${'5b'.repeat(40_000)}`)
    await node.send({ from: account(0), nonce: 0 })
    const dump = await node.call<Hex>('anvil_dumpState')
    const other = await startRpcOnChain({ accounts: [] })
    expect(await other.call('hardhat_loadState', dump)).toBe(true)
    // The other chain has blocks of its own.
    const accounts = async ({ chain }: RpcOnChain) =>
      (await chain.dev.dump()).filter(({ address }) => address !== predeploys.historyStorage && address !== predeploys.beaconRoots)
    expect(await accounts(other)).toEqual(await accounts(node))
    expect(BigInt(await other.call<Hex>('eth_getStorageAt', token, '0x2'))).toBe(4n)
  })

  it.each([
    ['no gzip and no JSON', '0x1234'],
    ['broken gzip', '0x1f8b0800'],
    ['JSON of something else', toHex('{"accounts":{"0x12":{}}}')],
    ['no accounts', toHex('{}')],
    [
      'a slot that is none',
      toHex(JSON.stringify({ accounts: { [stranger]: { nonce: 0, balance: '0x0', code: '0x', storage: { hello: '0x1' } } } })),
    ],
    [
      'a nonce that is too high',
      toHex(JSON.stringify({ accounts: { [stranger]: { nonce: '0x10000000000000000', balance: '0x0', code: '0x' } } })),
    ],
  ])('%s is refused', async (_, data) => {
    expect(await fail('anvil_loadState', data)).toMatchObject({ code: -32602, message: expect.stringContaining('not a dumped state') })
  })

  it('is taken unpacked, and as anvil wrote it before', async () => {
    const file = {
      accounts: { [stranger.toUpperCase().replace('0X', '0x')]: { nonce: 3, balance: '0x7', code: '0x', storage: { '0x1': '0x2' } } },
    }
    await node.call('anvil_loadState', toHex(JSON.stringify(file)))
    expect(await node.call('eth_getAccountInfo', stranger)).toEqual({ balance: '0x7', nonce: '0x3', code: '0x' })
  })
})

describe('tokens', () => {
  const read = async (functionName: 'balanceOf' | 'allowance', ...args: Hex[]) => {
    const [owner = '0x', spender = '0x'] = args
    const data =
      functionName === 'balanceOf'
        ? encodeFunctionData({ abi: erc20Abi, functionName, args: [owner] })
        : encodeFunctionData({ abi: erc20Abi, functionName, args: [owner, spender] })
    return BigInt(await node.call<Hex>('eth_call', { to: token, data }))
  }

  it('have the balance and the allowance that were dealt, in the slots that they read', async () => {
    await node.call('hardhat_setCode', token, erc20Code)
    for (const [method, amount] of [
      ['anvil_dealERC20', 100n],
      ['anvil_dealErc20', 101n],
      ['anvil_setERC20Balance', 102n],
    ] as const) {
      expect(await node.call(method, stranger, token, toHex(amount))).toBeNull()
      expect(await read('balanceOf', stranger)).toBe(amount)
    }
    await node.call('anvil_setERC20Allowance', stranger, alice, token, toHex(2n ** 256n - 1n))
    expect(await read('allowance', stranger, alice)).toBe(2n ** 256n - 1n)
    expect(await read('balanceOf', stranger)).toBe(102n)
  })

  it('that are none are refused', async () => {
    expect(await fail('anvil_dealERC20', stranger, stranger, '0x1')).toMatchObject({ message: expect.stringContaining('no storage slot') })
    await node.call('hardhat_setCode', token, tokenCode)
    expect(await fail('anvil_dealERC20', stranger, token, '0x1')).toMatchObject({ message: expect.stringContaining('no storage slot') })
  })
})

describe('viem’s test client', () => {
  it.each(['anvil', 'hardhat'] as const)('does all that it can in the mode %s', async (mode) => {
    const client = createTestClient({
      mode,
      chain: {
        id: Number(testChainId),
        name: 'test',
        nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
        rpcUrls: { default: { http: [] } },
      },
      transport: custom({ request: ({ method, params }: { method: string; params?: unknown[] }) => node.call(method, ...(params ?? [])) }),
    })
      .extend(publicActions)
      .extend(walletActions)
    await client.setBalance({ address: stranger, value: parseEther('2') })
    await client.setCode({ address: token, bytecode: tokenCode })
    await client.setStorageAt({ address: token, index: 1, value: toHex(5n, { size: 32 }) })
    await client.setNonce({ address: stranger, nonce: 4 })
    await client.setCoinbase({ address: stranger })
    await client.setNextBlockBaseFeePerGas({ baseFeePerGas: 11n })
    await client.impersonateAccount({ address: stranger })
    const hash = await client.sendTransaction({ account: stranger, to: alice, value: 1n })
    expect(await client.getTransactionReceipt({ hash })).toMatchObject({ status: 'success', from: stranger })
    await client.stopImpersonatingAccount({ address: stranger })
    expect((await client.getBlock()).baseFeePerGas).toBe(11n)
    const id = await client.snapshot()
    await client.setBlockGasLimit({ gasLimit: 40_000_000n })
    await client.increaseTime({ seconds: 60 })
    await client.mine({ blocks: 2 })
    expect((await client.getBlock()).gasLimit).toBe(40_000_000n)
    await client.revert({ id })
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(1n)
    await client.setNextBlockTimestamp({ timestamp: (await client.getBlock()).timestamp + 1_000n })
    await client.mine({ blocks: 1 })
    await client.setAutomine(false)
    expect(await client.getAutomine()).toBe(false)
    const pending = await client.sendUnsignedTransaction({ from: stranger, to: alice, value: 1n })
    expect(await client.getTxpoolStatus()).toMatchObject({ pending: 1 })
    expect((await client.getTxpoolContent()).pending).toBeDefined()
    expect((await client.inspectTxpool()).pending).toBeDefined()
    await client.dropTransaction({ hash: pending })
    expect(await client.getTxpoolStatus()).toMatchObject({ pending: 0 })
    await client.setIntervalMining({ interval: 0 })
    await client.setLoggingEnabled(false)
    const state = await client.dumpState()
    await client.loadState({ state })
    if (mode === 'anvil') {
      await client.setBlockTimestampInterval({ interval: 5 })
      await client.removeBlockTimestampInterval()
    }
    await expect(client.setMinGasPrice({ gasPrice: 1n })).rejects.toThrow('EIP-1559')
    await expect(client.setRpcUrl('http://localhost')).rejects.toThrow('no fork')
    await client.reset()
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(0n)
  })
})

describe('what tells tools which node this is', () => {
  it('has the shapes of anvil and Hardhat', async () => {
    expect(await node.call('web3_clientVersion')).toMatch(/^zksync/)
    const info = await node.call<Record<string, unknown>>('anvil_nodeInfo')
    expect(info).toMatchObject({
      currentBlockNumber: '0x0',
      hardFork: 'Osaka',
      environment: { chainId: Number(testChainId), gasLimit: '0x1c9c380' },
      forkConfig: { forkUrl: null, forkBlockNumber: null, forkRetryBackoff: null },
    })
    expect(await node.call('anvil_metadata')).toEqual(await node.call('hardhat_metadata'))
  })
})
