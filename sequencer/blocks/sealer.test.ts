import { describe, expect, it } from 'vitest'
import { account, ether, sign, startTestChain } from '../testing/test-chain.ts'

describe('automine', () => {
  it('seals a block per transaction before submit resolves', async () => {
    const chain = await startTestChain()
    const hash = await chain.pool.submit(sign({ from: account(0), nonce: 0, to: account(1).address, value: ether }))
    expect(chain.store.head().header.number).toBe(1n)
    expect(chain.store.transaction(hash)).toMatchObject({ blockNumber: 1n, index: 0, sender: account(0).address })
    expect(chain.store.receipt(hash)).toMatchObject({ succeeded: true, gasUsed: 21_000n })
    expect(chain.store.stateAt(1n).account(account(1).address).balance).toBe(1001n * ether)
    expect(chain.store.stateAt(0n).account(account(1).address).balance).toBe(1000n * ether)
    expect(chain.store.head().header.timestamp).toBe(1_800_000_000n)
  })
})
