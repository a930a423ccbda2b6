import { RLP } from '@ethereumjs/rlp'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes, keccak256Hex } from '../../../core/index.ts'
import { fakeContracts, loggedTopic } from '../../testing/fake-chain.ts'
import { signTransfer, testAddresses } from '../../testing/fake-node.ts'
import { createHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses

describe('raw', () => {
  it('blocks hold the header, the transactions as they were signed, and the withdrawals', async () => {
    const { call, chain } = createHarness()
    chain.withdrawals = [{ index: 7n, validatorIndex: 0n, address: bob, amountGwei: 300n }]
    const raw = bytesToHex(await signTransfer(alice, { nonce: 0n, to: bob }))
    await call('eth_sendRawTransaction', [raw])
    const header = String(await call('debug_getRawHeader', ['0x1']))
    const [headerItems, transactions, ommers, withdrawals] = RLP.decode(String(await call('debug_getRawBlock', ['0x1'])))
    expect(bytesToHex(RLP.encode(headerItems))).toBe(header)
    expect(transactions).toEqual([hexToBytes(raw as Hex)])
    expect(ommers).toEqual([])
    expect(withdrawals).toEqual([[Uint8Array.of(7), new Uint8Array(0), hexToBytes(bob), Uint8Array.of(1, 44)]])
    const items = RLP.decode(header)
    expect(items).toHaveLength(21)
    expect(items[8]).toEqual(Uint8Array.of(1))
  })

  it('receipts are typed lists of status, gas, bloom and logs', async () => {
    const { call } = createHarness()
    await call('eth_sendTransaction', [{ from: alice, to: fakeContracts.logger, data: '0x1234', gas: '0xffff' }])
    const [receipt] = (await call('debug_getRawReceipts', ['latest'])) as Hex[]
    expect(receipt?.slice(0, 4)).toBe('0x02')
    const [status, gas, bloom, logs] = RLP.decode(hexToBytes(`0x${receipt?.slice(4)}`))
    expect(status).toEqual(Uint8Array.of(1))
    expect(gas).toBeInstanceOf(Uint8Array)
    expect(bloom).toHaveLength(256)
    const topics = [hexToBytes(loggedTopic), hexToBytes(`0x${alice.slice(2).padStart(64, '0')}`)]
    expect(logs).toEqual([[hexToBytes(fakeContracts.logger), topics, Uint8Array.of(0x12, 0x34)]])
  })

  it('transactions are the signed bytes, 0x for an unknown one; unknown blocks are an error', async () => {
    const { call, fail } = createHarness()
    const raw = bytesToHex(await signTransfer(alice, { nonce: 0n, to: bob }))
    const hash = await call('eth_sendRawTransaction', [raw])
    expect(await call('debug_getRawTransaction', [hash])).toBe(raw)
    expect(keccak256Hex(hexToBytes(raw))).toBe(hash)
    expect(await call('debug_getRawTransaction', [`0x${'ee'.repeat(32)}`])).toBe('0x')
    for (const method of ['debug_getRawBlock', 'debug_getRawHeader', 'debug_getRawReceipts']) {
      expect(await fail(method, ['0x77'])).toMatchObject({ code: -32000, message: 'block #119 not found' })
    }
  })
})
