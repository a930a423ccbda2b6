import fc from 'fast-check'
import { parseEventLogs } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import { bytesToHex, encodeDepositPayload, type Hex, InboxTree, inboxLeaf } from '../../core/index.ts'
import { inboxAbi, inboxBytecode } from '../index.ts'
import { accounts, createL1, type L1 } from './l1-fixture.ts'

const { user, stranger } = accounts
const gwei = 10n ** 9n
let l1: L1
let inbox: Hex

beforeEach(async () => {
  l1 ??= await createL1()
  // The user's account stands in for the Bridge.
  inbox = await l1.deploy(inboxAbi, inboxBytecode, [user.address])
})

const enqueue = (amountWei: bigint, { from = user.address, sender = stranger.address, to = stranger.address } = {}) => ({
  from,
  address: inbox,
  abi: inboxAbi,
  functionName: 'enqueueDeposit',
  args: [sender, to, amountWei],
})
const rootAt = (count: bigint) => l1.client.readContract({ address: inbox, abi: inboxAbi, functionName: 'rootAt', args: [count] })
const count = () => l1.client.readContract({ address: inbox, abi: inboxAbi, functionName: 'count' })
const timeOf = (index: bigint) => l1.client.readContract({ address: inbox, abi: inboxAbi, functionName: 'timeOf', args: [index] })

describe('tree', () => {
  it('is empty at first', async () => {
    expect(await count()).toBe(0n)
    expect(await rootAt(0n)).toBe(new InboxTree().root())
  })

  it('has the root that core computes, at every count', async () => {
    const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytesToHex)
    const amountGwei = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })
    const deposits = fc.sample(fc.record({ sender: address, to: address, amountGwei }), { seed: 4788, numRuns: 40 })
    const tree = new InboxTree()
    const roots = [tree.root()]
    for (const { sender, to, amountGwei } of deposits) {
      const receipt = await l1.send(enqueue(amountGwei * gwei, { sender, to }))
      const [event] = parseEventLogs({ abi: inboxAbi, eventName: 'Enqueued', logs: receipt.logs })
      const l1Time = await l1.now()
      const payload = encodeDepositPayload({ to, amountGwei })
      const index = tree.count
      tree.append(inboxLeaf(index, { kind: 0, sender, payload, l1Time }))
      roots.push(tree.root())
      expect({ ...event?.args, sender: event?.args.sender.toLowerCase() }).toEqual({
        index,
        kind: 0,
        sender,
        payload: bytesToHex(payload),
        l1Time,
        root: tree.root(),
      })
      expect(await timeOf(index)).toBe(l1Time)
    }
    expect(await count()).toBe(40n)
    expect(await Promise.all(roots.map((_, at) => rootAt(BigInt(at))))).toEqual(roots)
  })

  it('does not answer for items that are not there', async () => {
    await l1.send(enqueue(gwei))
    const view = (functionName: string, args: readonly unknown[]) => ({
      from: user.address,
      address: inbox,
      abi: inboxAbi,
      functionName,
      args,
    })
    await l1.expectRevert(view('rootAt', [2n]), 'Inbox__OutOfRange', [1n, 2n])
    await l1.expectRevert(view('timeOf', [1n]), 'Inbox__OutOfRange', [1n, 1n])
  })
})

describe('enqueueDeposit', () => {
  it('is the Bridge’s', async () => {
    await l1.expectRevert(enqueue(gwei, { from: stranger.address }), 'Inbox__CallerNotBridge', [user.address, stranger.address])
  })

  const tooLarge = 2n ** 64n * gwei
  it.each([
    ['nothing', 0n, 'Inbox__AmountIsZero', []],
    ['less than a Gwei', 1n, 'Inbox__NotWholeGwei', [1n]],
    ['a fraction of a Gwei', gwei + 1n, 'Inbox__NotWholeGwei', [gwei + 1n]],
    ['2^64 Gwei', tooLarge, 'Inbox__AmountTooLarge', [tooLarge - gwei, tooLarge]],
  ])('refuses %s', async (_, amount, error, args) => {
    await l1.expectRevert(enqueue(amount), error, args)
  })

  it('takes 2^64 - 1 Gwei', async () => {
    await l1.send(enqueue(tooLarge - gwei))
    expect(await count()).toBe(1n)
  })
})
