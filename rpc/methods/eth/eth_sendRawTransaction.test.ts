import { beforeEach, expect, it } from 'vitest'
import { bytesToHex, type Hex } from '../../../core/index.ts'
import { signTransfer, testAddresses } from '../../testing/fake-node.ts'
import { createHarness, type RpcHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses

let node: RpcHarness
beforeEach(() => {
  node = createHarness()
  node.chain.sealsLater = true
})

const raw = async (nonce: bigint): Promise<Hex> => bytesToHex(await signTransfer(alice, { nonce, to: bob, value: 1n }))

it('is answered before the block, which every later request finds', async () => {
  const hash = await node.call('eth_sendRawTransaction', [await raw(0n)])
  expect(node.chain.head().header.number).toBe(0n)
  expect(await node.call('eth_getTransactionReceipt', [hash])).toMatchObject({ transactionHash: hash, blockNumber: '0x1' })
})

it('lets no request overtake what another one was promised', async () => {
  const [first, second] = [await raw(0n), await raw(1n)]
  const hash = await node.call('eth_sendRawTransaction', [first])
  const later = [
    node.call('eth_blockNumber'),
    node.call('eth_getTransactionCount', [alice, 'latest']),
    node.call('eth_sendRawTransaction', [second]),
  ]
  expect(node.chain.head().header.number).toBe(0n)
  expect(await Promise.all(later.slice(0, 2))).toEqual(['0x1', '0x1'])
  const hashes = [hash, await later[2]]
  const receipts = await Promise.all(hashes.map((each) => node.call('eth_getTransactionReceipt', [each])))
  expect(receipts).toMatchObject([{ blockNumber: '0x1' }, { blockNumber: '0x2' }])
})
