import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../../../core/index.ts'
import { signTransfer, testAddresses } from '../../testing/fake-node.ts'
import { createHarness } from '../../testing/rpc-harness.ts'

const [alice, bob] = testAddresses

describe('txpool', () => {
  it('shows executable and waiting transactions by sender and nonce', async () => {
    const { call } = createHarness()
    await call('evm_setAutomine', [false])
    for (const nonce of [0n, 1n, 3n]) await call('eth_sendRawTransaction', [bytesToHex(await signTransfer(alice, { nonce, to: bob }))])
    expect(await call('txpool_status')).toEqual({ pending: '0x2', queued: '0x1' })
    const content = { pending: { 0: { from: alice, nonce: '0x0', blockHash: null }, 1: { nonce: '0x1' } }, queued: { 3: { nonce: '0x3' } } }
    expect(await call('txpool_content')).toMatchObject({ pending: { [alice]: content.pending }, queued: { [alice]: content.queued } })
    expect(await call('txpool_contentFrom', [alice])).toMatchObject(content)
    expect(await call('txpool_contentFrom', [bob])).toEqual({ pending: {}, queued: {} })
    expect(await call('txpool_inspect')).toMatchObject({ queued: { [alice]: { 3: `${bob}: 1 wei + 50000 gas × 3000000000 wei` } } })
  })
})
