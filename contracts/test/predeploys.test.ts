import { encodeAbiParameters, encodeFunctionData, getCreate2Address, parseEther, parseEventLogs } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  bigintToBytes,
  bytesToHex,
  concatBytes,
  type Hex,
  hexToBytes,
  keccak256Hex,
  messagesOfReceipts,
  predeploys,
} from '../../core/index.ts'
import { reentrantReceiverBytecode } from '../generated/testing/ReentrantReceiver.ts'
import { l2BaseTokenAbi, l2InboxAbi, l2MessengerAbi, predeployedContracts } from '../index.ts'
import { accounts, createL1, type L1 } from './l1-fixture.ts'
import { hashOf } from './rollup-fixture.ts'

const { user, stranger } = accounts
const word = (value: bigint): Hex => bytesToHex(bigintToBytes(value, 32))
const systemAddress: Hex = '0xfffffffffffffffffffffffffffffffffffffffe'
let chain: L1
/** What Hardhat's simulated network has for EIP-4788. */
let hardhatBeaconRoots: Hex | undefined

beforeAll(async () => {
  chain = await createL1()
  hardhatBeaconRoots = await chain.client.getCode({ address: predeploys.beaconRoots })
  for (const { address, code } of predeployedContracts) await chain.client.setCode({ address, bytecode: code })
  await chain.client.impersonateAccount({ address: systemAddress })
  await chain.client.setBalance({ address: systemAddress, value: parseEther('1') })
})

/** What a client does at the start of a block, which Hardhat's network does not. Returns that block. */
async function systemCall(to: Hex, data: Hex, timestamp?: bigint) {
  if (timestamp) await chain.client.setNextBlockTimestamp({ timestamp })
  const { blockNumber } = await chain.receiptOf(chain.client.sendTransaction({ account: systemAddress, to, data, chain: null }))
  return chain.client.getBlock({ blockNumber })
}

const callRaw = (to: Hex, data: Hex, from: Hex = user.address) =>
  chain.client.call({ account: from, to, data }).then(({ data: out }) => out)

it('have each address of core once, with code', () => {
  expect(predeployedContracts.map(({ address }) => address)).toEqual([...Object.values(predeploys)].sort())
  for (const { code } of predeployedContracts) expect(hexToBytes(code).length).toBeGreaterThan(60)
})

describe('EIP-4788', () => {
  it('is the code that Hardhat has too', () => {
    expect(predeployedContracts.find(({ address }) => address === predeploys.beaconRoots)?.code).toBe(hardhatBeaconRoots)
  })

  it('gives the root that was set in the block with a timestamp, for 8191 seconds', async () => {
    const { timestamp } = await systemCall(predeploys.beaconRoots, hashOf('root'))
    expect(await callRaw(predeploys.beaconRoots, word(timestamp))).toBe(hashOf('root'))
    await systemCall(predeploys.beaconRoots, hashOf('later root'), timestamp + 8_191n)
    expect(await callRaw(predeploys.beaconRoots, word(timestamp + 8_191n))).toBe(hashOf('later root'))
    await expect(callRaw(predeploys.beaconRoots, word(timestamp))).rejects.toThrow('revert')
  })

  it('is set by the system only', async () => {
    const { timestamp } = await chain.client.getBlock()
    await expect(callRaw(predeploys.beaconRoots, hashOf('forged root'))).rejects.toThrow('revert')
    await expect(callRaw(predeploys.beaconRoots, word(timestamp + 1n))).rejects.toThrow('revert')
  })

  it.each([
    ['a timestamp of no block', word(1n)],
    ['zero', word(0n)],
    ['too little input', '0x01'],
    ['too much input', `${word(1n)}00`],
  ] as const)('reverts for %s', async (_, data) => {
    await expect(callRaw(predeploys.beaconRoots, data)).rejects.toThrow('revert')
  })
})

describe('EIP-2935', () => {
  it('gives the hashes of the last 8191 blocks', async () => {
    const block = await systemCall(predeploys.historyStorage, hashOf('parent'))
    expect(await callRaw(predeploys.historyStorage, word(block.number - 1n))).toBe(hashOf('parent'))
    await chain.client.mine({ blocks: 8_190 })
    expect(await callRaw(predeploys.historyStorage, word(block.number - 1n))).toBe(hashOf('parent'))
    await chain.client.mine({ blocks: 1 })
    await expect(callRaw(predeploys.historyStorage, word(block.number - 1n))).rejects.toThrow('revert')
  })

  it('reverts for a block that is not there yet and for input of another size', async () => {
    const { number } = await chain.client.getBlock()
    await expect(callRaw(predeploys.historyStorage, word(number + 1n))).rejects.toThrow('revert')
    await expect(callRaw(predeploys.historyStorage, '0x00')).rejects.toThrow('revert')
    await expect(callRaw(predeploys.historyStorage, `${word(1n)}00`)).rejects.toThrow('revert')
  })
})

describe('CREATE2 deployer', () => {
  const salt = hashOf('salt')
  const address = getCreate2Address({ from: predeploys.create2Deployer, salt, bytecode: reentrantReceiverBytecode }).toLowerCase()
  const data = bytesToHex(concatBytes(hexToBytes(salt), hexToBytes(reentrantReceiverBytecode)))

  it('deploys where EIP-1014 says and returns the 20 bytes of the address, once', async () => {
    expect(await callRaw(predeploys.create2Deployer, data)).toBe(address)
    await chain.receiptOf(chain.client.sendTransaction({ account: user.address, to: predeploys.create2Deployer, data, chain: null }))
    expect(await chain.client.getCode({ address: address as Hex })).toBeDefined()
    await expect(callRaw(predeploys.create2Deployer, data)).rejects.toThrow('revert')
  })

  it('is the code whose hash other chains publish', () => {
    const code = predeployedContracts.find((contract) => contract.address === predeploys.create2Deployer)?.code ?? '0x'
    expect(keccak256Hex(hexToBytes(code))).toBe('0x2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989')
  })

  it('reverts with init code that fails', async () => {
    await expect(callRaw(predeploys.create2Deployer, `${salt}5f5ffd`)).rejects.toThrow('revert')
  })
})

describe('L2Messenger', () => {
  it('emits what core takes for a message, and returns its hash', async () => {
    const message = Uint8Array.of(1, 2, 3)
    const call = {
      from: user.address,
      address: predeploys.messenger,
      abi: l2MessengerAbi,
      functionName: 'sendToL1',
      args: [bytesToHex(message)],
    }
    const { result } = await chain.client.simulateContract({
      address: predeploys.messenger,
      abi: l2MessengerAbi,
      functionName: 'sendToL1',
      args: [bytesToHex(message)],
    })
    expect(result).toBe(keccak256Hex(message))
    const receipt = await chain.send(call)
    expect(messagesOfReceipts([receipt])).toEqual([{ txNumberInBatch: 0, sender: user.address, message }])
  })

  it('takes a message of no bytes', async () => {
    const receipt = await chain.send({
      from: user.address,
      address: predeploys.messenger,
      abi: l2MessengerAbi,
      functionName: 'sendToL1',
      args: ['0x'],
    })
    expect(messagesOfReceipts([receipt])).toEqual([{ txNumberInBatch: 0, sender: user.address, message: new Uint8Array() }])
  })
})

describe('L2BaseToken', () => {
  const withdraw = (value: bigint) =>
    chain.send({
      from: user.address,
      address: predeploys.baseToken,
      abi: l2BaseTokenAbi,
      functionName: 'withdraw',
      args: [stranger.address],
      value,
    })

  it('sends the 56 bytes that the Bridge reads, in its own name, and keeps the ether', async () => {
    const before = await chain.client.getBalance({ address: predeploys.baseToken })
    const amount = parseEther('1.5') + 1n
    const receipt = await withdraw(amount)
    const message = concatBytes(hexToBytes('0x6c0960f9'), hexToBytes(stranger.address), bigintToBytes(amount, 32))
    expect(messagesOfReceipts([receipt])).toEqual([{ txNumberInBatch: 0, sender: predeploys.baseToken, message }])
    expect(await chain.client.getBalance({ address: predeploys.baseToken })).toBe(before + amount)
    const [event] = parseEventLogs({ abi: l2BaseTokenAbi, logs: receipt.logs })
    expect(event?.args._amount).toBe(amount)
    expect([event?.args._l2Sender, event?.args._l1Receiver].map((address) => address?.toLowerCase())).toEqual([
      user.address,
      stranger.address,
    ])
  })

  it('takes no ether that is not withdrawn', async () => {
    const transfer = chain.client.call({ account: user.address, to: predeploys.baseToken, value: 1n })
    await expect(transfer).rejects.toThrow('revert')
  })
})

describe('L2Inbox', () => {
  const anchor = (timestamp: bigint) => ({
    from: stranger.address,
    address: predeploys.inbox,
    abi: l2InboxAbi,
    functionName: 'anchor',
    args: [timestamp],
  })
  const isAnchored = (root: Hex) =>
    chain.client.readContract({ address: predeploys.inbox, abi: l2InboxAbi, functionName: 'anchored', args: [root] })

  it('keeps the root of a block after EIP-4788 has lost it', async () => {
    const root = hashOf('Inbox root')
    const { timestamp } = await systemCall(predeploys.beaconRoots, root)
    expect(await isAnchored(root)).toBe(false)
    const receipt = await chain.send(anchor(timestamp))
    expect(parseEventLogs({ abi: l2InboxAbi, logs: receipt.logs }).map(({ args }) => args)).toEqual([{ root, timestamp }])
    await systemCall(predeploys.beaconRoots, hashOf('later root'), timestamp + 8_191n)
    await chain.expectRevert(anchor(timestamp), 'L2Inbox__RootNotFound', [timestamp])
    expect(await isAnchored(root)).toBe(true)
  })

  it('keeps nothing for a timestamp of no block', async () => {
    await chain.expectRevert(anchor(5n), 'L2Inbox__RootNotFound', [5n])
    await chain.expectRevert(anchor(0n), 'L2Inbox__RootNotFound', [0n])
  })

  it('keeps nothing while there is no beacon roots contract', async () => {
    const { address, code } = predeployedContracts.find((contract) => contract.address === predeploys.beaconRoots) ?? {}
    if (!address || !code) throw new Error('EIP-4788 is predeployed')
    const { timestamp } = await chain.client.getBlock()
    await chain.client.setCode({ address, bytecode: '0x' })
    await chain.expectRevert(anchor(timestamp), 'L2Inbox__RootNotFound', [timestamp])
    await chain.client.setCode({ address, bytecode: code })
  })
})

it('need no storage: their code works in an account that never ran a constructor', async () => {
  const data = encodeFunctionData({ abi: l2InboxAbi, functionName: 'anchored', args: [hashOf('root')] })
  expect(await callRaw(predeploys.inbox, data)).toBe(encodeAbiParameters([{ type: 'bool' }], [false]))
})
