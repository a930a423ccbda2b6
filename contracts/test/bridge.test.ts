import fc from 'fast-check'
import { encodeDeployData, encodeFunctionData, parseEventLogs } from 'viem'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  bigintToBytes,
  bytesToHex,
  concatBytes,
  type Hex,
  hexToBytes,
  type L2Message,
  messageLeaf,
  messageProof,
  messagesRoot,
  predeploys,
  type StoredBatch,
} from '../../core/index.ts'
import { reentrantReceiverAbi, reentrantReceiverBytecode } from '../generated/testing/ReentrantReceiver.ts'
import { bridgeAbi, bridgeBytecode, inboxAbi } from '../index.ts'
import { accounts } from './l1-fixture.ts'
import { createRollup, genesis, genesisSupplyWei, l2ChainId, nextBatch, type RollupFixture, zeroHash } from './rollup-fixture.ts'

const { user, stranger } = accounts
const ether = 10n ** 18n
const receiver: Hex = `0x${'c0ffee'.padStart(40, '0')}`
/** The Inbox reverts through the Bridge. */
const abi = [...bridgeAbi, ...inboxAbi.filter(({ type }) => type === 'error')]
let fixture: RollupFixture
let snapshot: Hex

beforeAll(async () => {
  fixture = await createRollup()
})

beforeEach(async () => {
  if (snapshot) await fixture.l1.client.revert({ id: snapshot })
  snapshot = await fixture.l1.client.snapshot()
})

const balance = (address: Hex) => fixture.l1.client.getBalance({ address })
const call = (functionName: string, args: readonly unknown[], value = 0n) => ({
  from: stranger.address,
  address: fixture.bridge,
  abi,
  functionName,
  args,
  value,
})

function withdrawal(amount: bigint, { to = receiver, selector = '0x6c0960f9' as Hex } = {}): Uint8Array {
  return concatBytes(hexToBytes(selector), hexToBytes(to), bigintToBytes(amount, 32))
}

function ethMessage(amount: bigint, txNumberInBatch = 0, to = receiver): L2Message {
  return { txNumberInBatch, sender: predeploys.baseToken, message: withdrawal(amount, { to }) }
}

/** Executes a batch with these messages; returns the arguments of `finalizeWithdrawal` for each. */
async function executeWith(messages: readonly L2Message[], last: StoredBatch = genesis) {
  const leaves = messages.map(messageLeaf)
  const stored = await fixture.finalize(last, { messagesRoot: messagesRoot(leaves) })
  const claims = messages.map(
    ({ txNumberInBatch, message }, index) =>
      [stored.number, BigInt(index), txNumberInBatch, bytesToHex(message), messageProof(leaves, index)] as const,
  )
  return { stored, claims, claim: claims[0] ?? ([0n, 0n, 0, '0x', []] as const) }
}

describe('deposits', () => {
  it('go into the Inbox in the name of the caller, and the ether stays', async () => {
    const receipt = await fixture.l1.send({ ...call('depositETH', [receiver], 3n * ether), from: user.address })
    const [enqueued] = parseEventLogs({ abi: inboxAbi, eventName: 'Enqueued', logs: receipt.logs })
    expect(enqueued?.args.sender.toLowerCase()).toBe(user.address)
    const [initiated] = parseEventLogs({ abi: bridgeAbi, eventName: 'DepositInitiated', logs: receipt.logs })
    expect(initiated?.args).toMatchObject({ inboxIndex: 0n, amount: 3n * ether })
    expect(initiated?.args.to.toLowerCase()).toBe(receiver)
    expect(await balance(fixture.bridge)).toBe(genesisSupplyWei + 3n * ether)
    expect(await balance(fixture.inbox)).toBe(0n)
  })

  it('may be a plain transfer of the receiver’s own', async () => {
    const receipt = await fixture.l1.receiptOf(
      fixture.l1.client.sendTransaction({ account: user.address, to: fixture.bridge, value: ether, chain: null }),
    )
    const [initiated] = parseEventLogs({ abi: bridgeAbi, eventName: 'DepositInitiated', logs: receipt.logs })
    expect([initiated?.args.sender, initiated?.args.to].map((address) => address?.toLowerCase())).toEqual([user.address, user.address])
  })

  it('are refused as a plain transfer of a contract', async () => {
    const contract = await fixture.l1.deploy(reentrantReceiverAbi, reentrantReceiverBytecode)
    const send = {
      from: user.address,
      address: contract,
      abi: [...reentrantReceiverAbi, ...abi],
      functionName: 'send',
      args: [fixture.bridge],
    }
    await fixture.l1.expectRevert({ ...send, value: ether }, 'Bridge__SenderIsContract', [contract])
  })

  it.each([
    ['nothing', 0n, 'Inbox__AmountIsZero', []],
    ['a fraction of a Gwei', ether + 1n, 'Inbox__NotWholeGwei', [ether + 1n]],
  ])('of %s are refused', async (_, value, error, args) => {
    await fixture.l1.expectRevert(call('depositETH', [receiver], value), error, args)
  })

  it('of more than 64 bits of Gwei are refused', async () => {
    const value = 2n ** 64n * 10n ** 9n
    await fixture.l1.client.setBalance({ address: stranger.address, value: 2n * value })
    await fixture.l1.expectRevert(call('depositETH', [receiver], value), 'Inbox__AmountTooLarge', [value - 10n ** 9n, value])
  })

  it('for nobody are refused', async () => {
    await fixture.l1.expectRevert(call('depositETH', [`0x${'00'.repeat(20)}`], ether), 'Bridge__ReceiverIsZero')
  })
})

describe('finalizeWithdrawal', () => {
  it('pays the receiver of the message, whoever calls', async () => {
    const { claim } = await executeWith([ethMessage(5n * ether, 7)])
    const receipt = await fixture.l1.send(call('finalizeWithdrawal', claim))
    expect(await balance(receiver)).toBe(5n * ether)
    expect(await balance(fixture.bridge)).toBe(genesisSupplyWei - 5n * ether)
    const [event] = parseEventLogs({ abi: bridgeAbi, eventName: 'WithdrawalFinalized', logs: receipt.logs })
    expect(event?.args).toMatchObject({ batchNumber: 1n, messageIndex: 0n, amount: 5n * ether })
    const finalized = (index: bigint) =>
      fixture.l1.client.readContract({ address: fixture.bridge, abi: bridgeAbi, functionName: 'isWithdrawalFinalized', args: [1n, index] })
    expect(await finalized(0n)).toBe(true)
    expect(await finalized(1n)).toBe(false)
  })

  it('pays once', async () => {
    const { claim } = await executeWith([ethMessage(ether)])
    await fixture.l1.send(call('finalizeWithdrawal', claim))
    await fixture.l1.expectRevert(call('finalizeWithdrawal', claim), 'Bridge__AlreadyFinalized', [1n, 0n])
  })

  it('pays each of several equal messages', async () => {
    const { claims } = await executeWith([ethMessage(ether), ethMessage(ether), ethMessage(ether)])
    for (const claim of claims) await fixture.l1.send(call('finalizeWithdrawal', claim))
    expect(await balance(receiver)).toBe(3n * ether)
  })

  it('accepts the proofs that core makes, for trees of any size', async () => {
    const sizes = fc.sample(fc.integer({ min: 2, max: 33 }), { seed: 2, numRuns: 6 })
    let last = genesis
    for (const size of sizes) {
      const { stored, claims } = await executeWith(
        Array.from({ length: size }, (_, i) => ethMessage(BigInt(i + 1), i * 3)),
        last,
      )
      last = stored
      for (const claim of [claims[0], claims[size >> 1], claims[size - 1]]) {
        const result = await fixture.l1.client.simulateContract({
          address: fixture.bridge,
          abi: bridgeAbi,
          functionName: 'finalizeWithdrawal',
          args: claim ?? [0n, 0n, 0, '0x', []],
          account: stranger.address,
        })
        expect(result.result).toBeUndefined()
      }
    }
  })

  it('waits for the batch to be executed', async () => {
    const message = ethMessage(ether)
    const batch = nextBatch(genesis, { messagesRoot: messagesRoot([messageLeaf(message)]) })
    const stored = fixture.storedOf(genesis, batch)
    await fixture.commit(genesis, batch)
    await fixture.attest(stored.digest)
    await fixture.prove(stored)
    const claim = call('finalizeWithdrawal', [1n, 0n, 0, bytesToHex(message.message), []])
    await fixture.l1.expectRevert(claim, 'Bridge__BatchNotExecuted', [0n, 1n])
    await fixture.execute(stored)
    await fixture.l1.send(claim)
  })

  it('finds nothing in a batch without messages', async () => {
    await fixture.finalize(genesis)
    const claim = (proof: readonly Hex[]) => call('finalizeWithdrawal', [1n, 0n, 0, bytesToHex(withdrawal(ether)), proof])
    await fixture.l1.expectRevert(claim([]), 'Bridge__RootMismatch')
    await fixture.l1.expectRevert(claim([zeroHash]), 'Bridge__RootMismatch')
    await fixture.l1.expectRevert(call('finalizeWithdrawal', [0n, 0n, 0, bytesToHex(withdrawal(ether)), []]), 'Bridge__RootMismatch')
  })

  it('refuses every change of a valid claim', async () => {
    const { claims, stored } = await executeWith([ethMessage(ether, 4), ethMessage(2n * ether, 5), ethMessage(3n * ether, 6)])
    const [batch, index, txNumber, message, proof] = claims[1] ?? [0n, 0n, 0, '0x' as Hex, [] as Hex[]]
    const other = await executeWith([ethMessage(ether, 4)], stored)
    const forged: readonly (readonly unknown[])[] = [
      [other.stored.number, index, txNumber, message, proof],
      [batch, 0n, txNumber, message, proof],
      [batch, 3n, txNumber, message, proof],
      [batch, index, txNumber + 1, message, proof],
      [batch, index, txNumber, bytesToHex(withdrawal(2n * ether + 1n)), proof],
      [batch, index, txNumber, bytesToHex(withdrawal(2n * ether, { to: stranger.address })), proof],
      [batch, index, txNumber, message, [...proof].reverse()],
      [batch, index, txNumber, message, [...proof, zeroHash]],
      [batch, index, txNumber, message, proof.slice(0, 1)],
    ]
    for (const args of forged) await fixture.l1.expectRevert(call('finalizeWithdrawal', args), 'Bridge__RootMismatch')
    await fixture.l1.send(call('finalizeWithdrawal', [batch, index, txNumber, message, proof]))
  })

  it('refuses an index beyond the proof’s tree, which would be a second name of the same message', async () => {
    const { claims } = await executeWith([ethMessage(ether), ethMessage(ether)])
    const [batch, , txNumber, message, proof] = claims[1] ?? []
    await fixture.l1.send(call('finalizeWithdrawal', [batch, 1n, txNumber, message, proof]))
    await fixture.l1.expectRevert(call('finalizeWithdrawal', [batch, 3n, txNumber, message, proof]), 'Bridge__IndexOutOfRange', [2n, 3n])
  })

  it('refuses a proof of endless length', async () => {
    const { claim } = await executeWith([ethMessage(ether)])
    const proof = Array.from({ length: 33 }, () => zeroHash)
    await fixture.l1.expectRevert(call('finalizeWithdrawal', [...claim.slice(0, 4), proof]), 'Bridge__ProofTooLong', [32n, 33n])
  })

  it('refuses messages of others than the base token, however they look', async () => {
    const message = { txNumberInBatch: 0, sender: stranger.address, message: withdrawal(genesisSupplyWei) }
    const { claim } = await executeWith([message])
    await fixture.l1.expectRevert(call('finalizeWithdrawal', claim), 'Bridge__RootMismatch')
  })

  it.each([
    ['a byte short', withdrawal(ether).slice(0, 55), 'Bridge__MessageLengthMismatch', [56n, 55n]],
    ['a byte long', concatBytes(withdrawal(ether), Uint8Array.of(0)), 'Bridge__MessageLengthMismatch', [56n, 57n]],
    ['empty', new Uint8Array(), 'Bridge__MessageLengthMismatch', [56n, 0n]],
    ['of another selector', withdrawal(ether, { selector: '0x6c0960f8' }), 'Bridge__MessageSelectorMismatch', ['0x6c0960f9', '0x6c0960f8']],
  ])('refuses a message that is %s', async (_, message, error, args) => {
    const { claim } = await executeWith([{ txNumberInBatch: 0, sender: predeploys.baseToken, message }])
    await fixture.l1.expectRevert(call('finalizeWithdrawal', claim), error, args)
  })

  it('lets a receiver that refuses the ether try again', async () => {
    const contract = await fixture.l1.deploy(reentrantReceiverAbi, reentrantReceiverBytecode)
    const arm = (target: Hex) => ({
      from: user.address,
      address: contract,
      abi: reentrantReceiverAbi,
      functionName: 'arm',
      args: [target, '0xdeadbeef'],
    })
    await fixture.l1.send(arm(fixture.bridge)) // knows no such function
    const { claim } = await executeWith([ethMessage(ether, 0, contract)])
    await fixture.l1.expectRevert(call('finalizeWithdrawal', claim), 'Bridge__PaymentFailed', [contract, ether])
    await fixture.l1.send(arm(`0x${'00'.repeat(20)}`))
    await fixture.l1.send(call('finalizeWithdrawal', claim))
    expect(await balance(contract)).toBe(ether)
  })

  it('refuses more than the Bridge holds', async () => {
    const { claim } = await executeWith([ethMessage(genesisSupplyWei + 1n)])
    await fixture.l1.expectRevert(call('finalizeWithdrawal', claim), 'Bridge__PaymentFailed', [receiver, genesisSupplyWei + 1n])
  })

  it.each([
    ['the same withdrawal', 0],
    ['another withdrawal', 1],
  ])('does not let the receiver finalize %s on being paid', async (_, target) => {
    const contract = await fixture.l1.deploy(reentrantReceiverAbi, reentrantReceiverBytecode)
    const { claims } = await executeWith([ethMessage(ether, 0, contract), ethMessage(ether, 1, contract)])
    const data = encodeFunctionData({
      abi: bridgeAbi,
      functionName: 'finalizeWithdrawal',
      args: claims[target] ?? [0n, 0n, 0, '0x', []],
    })
    await fixture.l1.send({
      from: user.address,
      address: contract,
      abi: reentrantReceiverAbi,
      functionName: 'arm',
      args: [fixture.bridge, data],
    })
    await fixture.l1.expectRevert(call('finalizeWithdrawal', claims[0] ?? []), 'Bridge__PaymentFailed', [contract, ether])
    expect(await balance(contract)).toBe(0n)
  })
})

describe('the calls of zkSync’s clients', () => {
  const params = ([l2BatchNumber, l2MessageIndex, l2TxNumberInBatch, message, merkleProof]: readonly unknown[]) => ({
    ...{ chainId: l2ChainId, l2BatchNumber, l2MessageIndex, l2Sender: predeploys.baseToken, l2TxNumberInBatch, message, merkleProof },
  })
  const finalized = (chainId: bigint, batch: bigint, index: bigint) =>
    fixture.l1.client.readContract({
      address: fixture.bridge,
      abi: bridgeAbi,
      functionName: 'isWithdrawalFinalized',
      args: [chainId, batch, index],
    })

  it('finalize the same withdrawals, each once', async () => {
    const { claims } = await executeWith([ethMessage(ether, 4), ethMessage(2n * ether, 5)])
    const [first = [], second = []] = claims
    expect(await finalized(l2ChainId, 1n, 1n)).toBe(false)
    await fixture.l1.send(call('finalizeDeposit', [params(second)]))
    expect(await balance(receiver)).toBe(2n * ether)
    expect(await finalized(l2ChainId, 1n, 1n)).toBe(true)
    await fixture.l1.expectRevert(call('finalizeWithdrawal', second), 'Bridge__AlreadyFinalized', [1n, 1n])
    await fixture.l1.send(call('finalizeWithdrawal', first))
    await fixture.l1.expectRevert(call('finalizeDeposit', [params(first)]), 'Bridge__AlreadyFinalized', [1n, 0n])
  })

  it('refuse another chain, another sender, and numbers of more than 64 bits', async () => {
    const { claim } = await executeWith([ethMessage(ether)])
    const forged = (changes: object) => call('finalizeDeposit', [{ ...params(claim), ...changes }])
    await fixture.l1.expectRevert(forged({ chainId: 1n }), 'Bridge__ChainIdMismatch', [l2ChainId, 1n])
    await fixture.l1.expectRevert(forged({ l2Sender: stranger.address }), 'Bridge__SenderMismatch', [
      predeploys.baseToken,
      stranger.address,
    ])
    const overflow = 2n ** 64n
    await fixture.l1.expectRevert(forged({ l2BatchNumber: overflow + 1n }), 'SafeCastOverflowedUintDowncast', [64, overflow + 1n])
    await fixture.l1.expectRevert(forged({ l2MessageIndex: overflow }), 'SafeCastOverflowedUintDowncast', [64, overflow])
    await fixture.l1.send(forged({}))
    expect(await finalized(l2ChainId, 1n, 0n)).toBe(true)
    expect(await finalized(1n, 1n, 0n)).toBe(false)
    expect(await finalized(l2ChainId, overflow + 1n, 0n)).toBe(false)
    expect(await finalized(l2ChainId, 1n, overflow)).toBe(false)
  })
})

it('holds the genesis supply from its deployment, and says so', async () => {
  const data = encodeDeployData({ abi: bridgeAbi, bytecode: bridgeBytecode, args: [fixture.rollup, fixture.inbox] })
  const receipt = await fixture.l1.receiptOf(fixture.l1.client.sendTransaction({ account: user.address, data, value: ether, chain: null }))
  const [event] = parseEventLogs({ abi: bridgeAbi, eventName: 'GenesisSupplyLocked', logs: receipt.logs })
  expect(event?.args.amount).toBe(ether)
  expect(await balance(fixture.bridge)).toBe(genesisSupplyWei)
})
