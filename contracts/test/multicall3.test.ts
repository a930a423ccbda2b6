import { encodeFunctionData, type Hex as ViemHex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Hex, predeploys } from '../../core/index.ts'
import { reentrantReceiverAbi, reentrantReceiverBytecode } from '../generated/testing/ReentrantReceiver.ts'
import { multicall3Abi, multicall3DeployedBytecode } from '../index.ts'
import { accounts, createL1, type L1, l1ChainId } from './l1-fixture.ts'

const address = predeploys.multicall3
const { user } = accounts
const emptyAddress: Hex = `0x${'77'.repeat(20)}`
let chain: L1
/** Takes ether; fails at every call with data. */
let receiver: Hex

beforeAll(async () => {
  chain = await createL1()
  await chain.client.setCode({ address, bytecode: multicall3DeployedBytecode })
  receiver = await chain.deploy(reentrantReceiverAbi, reentrantReceiverBytecode)
  await chain.client.mine({ blocks: 2 })
})

const chainIdCall = () => ({ target: address, callData: encodeFunctionData({ abi: multicall3Abi, functionName: 'getChainId' }) })
const failingCall = () => ({ target: receiver, callData: '0xdeadbeef' as ViemHex })
const chainIdWord: Hex = `0x${l1ChainId.toString(16).padStart(64, '0')}`
const zeroHash: Hex = `0x${'00'.repeat(32)}`
const callOf = (functionName: string, args: readonly unknown[], value = 0n) => ({
  from: user.address,
  address,
  abi: multicall3Abi,
  functionName,
  args,
  value,
})

describe('calls that must all succeed', () => {
  it('aggregate returns the block number and the data', async () => {
    const { result } = await chain.client.simulateContract({
      address,
      abi: multicall3Abi,
      functionName: 'aggregate',
      args: [[chainIdCall(), { target: emptyAddress, callData: '0x' }]],
    })
    expect(result).toEqual([await chain.client.getBlockNumber(), [chainIdWord, '0x']])
  })

  it('blockAndAggregate adds the hash, which is zero within the block', async () => {
    const { result } = await chain.client.simulateContract({
      address,
      abi: multicall3Abi,
      functionName: 'blockAndAggregate',
      args: [[chainIdCall()]],
    })
    expect(result).toEqual([await chain.client.getBlockNumber(), zeroHash, [{ success: true, returnData: chainIdWord }]])
  })

  it.each([
    ['aggregate', () => [[chainIdCall(), failingCall()]]],
    ['blockAndAggregate', () => [[failingCall()]]],
    ['tryAggregate', () => [true, [failingCall()]]],
    ['tryBlockAndAggregate', () => [true, [failingCall()]]],
    ['aggregate3', () => [[{ ...failingCall(), allowFailure: false }]]],
    ['aggregate3Value', () => [[{ ...failingCall(), allowFailure: false, value: 0n }]]],
  ])('%s reverts as a whole with the text that clients know', async (functionName, args) => {
    await chain.expectRevert(callOf(functionName, args()), 'Error', ['Multicall3: call failed'])
  })
})

describe('calls that may fail', () => {
  const failed = { success: false, returnData: '0x' }
  const succeeded = { success: true, returnData: chainIdWord }

  it('tryAggregate tells which did', async () => {
    const { result } = await chain.client.simulateContract({
      address,
      abi: multicall3Abi,
      functionName: 'tryAggregate',
      args: [false, [failingCall(), chainIdCall()]],
    })
    expect(result).toEqual([failed, succeeded])
  })

  it('tryBlockAndAggregate tells which did, and the block', async () => {
    const { result } = await chain.client.simulateContract({
      address,
      abi: multicall3Abi,
      functionName: 'tryBlockAndAggregate',
      args: [false, [failingCall()]],
    })
    expect(result).toEqual([await chain.client.getBlockNumber(), zeroHash, [failed]])
  })

  it('aggregate3 lets each call say whether it may', async () => {
    const { result } = await chain.client.simulateContract({
      address,
      abi: multicall3Abi,
      functionName: 'aggregate3',
      args: [
        [
          { ...chainIdCall(), allowFailure: false },
          { ...failingCall(), allowFailure: true },
        ],
      ],
    })
    expect(result).toEqual([succeeded, failed])
  })

  it('viem’s multicall works on it', async () => {
    const contract = { address, abi: multicall3Abi }
    const results = await chain.client.multicall({
      multicallAddress: address,
      contracts: [
        { ...contract, functionName: 'getChainId' },
        { ...contract, functionName: 'getEthBalance', args: [user.address] },
      ],
      allowFailure: false,
    })
    expect(results).toEqual([l1ChainId, await chain.client.getBalance({ address: user.address })])
  })
})

describe('aggregate3Value', () => {
  const pay = (value: bigint) => ({ target: receiver, allowFailure: false, value, callData: '0x' as ViemHex })

  it('passes the ether on', async () => {
    const before = await chain.client.getBalance({ address: receiver })
    await chain.send(callOf('aggregate3Value', [[pay(3n), pay(4n)]], 7n))
    expect(await chain.client.getBalance({ address: receiver })).toBe(before + 7n)
  })

  it('keeps no change', async () => {
    await chain.expectRevert(callOf('aggregate3Value', [[pay(3n)]], 4n), 'Error', ['Multicall3: value mismatch'])
  })

  it('spends no more than it was given', async () => {
    await chain.expectRevert(callOf('aggregate3Value', [[pay(3n)]], 2n), 'Error', ['Multicall3: call failed'])
  })

  it('refuses values whose sum overflows', async () => {
    const huge = { ...pay(2n ** 255n), allowFailure: true }
    await chain.expectRevert(callOf('aggregate3Value', [[huge, huge]], 0n), 'Panic', [0x11n])
  })
})

it('tells about the chain and the block', async () => {
  const block = await chain.client.getBlock()
  const read = <const name extends 'getBlockNumber' | 'getCurrentBlockTimestamp' | 'getCurrentBlockGasLimit' | 'getCurrentBlockCoinbase'>(
    functionName: name,
  ) => chain.client.readContract({ address, abi: multicall3Abi, functionName, blockNumber: block.number })
  expect(await read('getBlockNumber')).toBe(block.number)
  expect(await read('getCurrentBlockTimestamp')).toBe(block.timestamp)
  expect(await read('getCurrentBlockGasLimit')).toBe(block.gasLimit)
  expect(String(await read('getCurrentBlockCoinbase')).toLowerCase()).toBe(block.miner)
  const at = { address, abi: multicall3Abi, blockNumber: block.number } as const
  expect(await chain.client.readContract({ ...at, functionName: 'getLastBlockHash' })).toBe(block.parentHash)
  expect(await chain.client.readContract({ ...at, functionName: 'getBlockHash', args: [block.number - 1n] })).toBe(block.parentHash)
  expect(await chain.client.readContract({ ...at, functionName: 'getCurrentBlockDifficulty' })).toBe(BigInt(block.mixHash))
})

it('tells the base fee, which only a transaction sees', async () => {
  const receipt = await chain.send(callOf('getBasefee', []))
  const trace = await chain.l1.request({
    method: 'debug_traceTransaction',
    params: [receipt.transactionHash, { disableStack: true, disableMemory: true, disableStorage: true }],
  })
  const { baseFeePerGas } = await chain.client.getBlock({ blockNumber: receipt.blockNumber })
  expect(baseFeePerGas).toBeGreaterThan(0n)
  const returned = (baseFeePerGas ?? 0n).toString(16).padStart(64, '0')
  expect(z.object({ returnValue: z.string() }).parse(trace).returnValue.replace(/^0x/, '')).toBe(returned)
})
