import { encodeFunctionData, parseAbi } from 'viem'
import { describe, expect, it } from 'vitest'
import type { Hex } from '../../core/index.ts'
import { account } from '../../sequencer/testing/test-chain.ts'
import { startRpcOnChain } from '../testing/rpc-on-chain.ts'

const alice = account(0)
const logger: Hex = '0x00000000000000000000000000000000000c0de0'
const library = '000000000000000000636f6e736f6c652e6c6f67'
// Passes its calldata to the console by STATICCALL, then REVERTs if the first byte of it is set to ff.
const code: Hex = `0x365f5f375f5f365f73${library}5afa50`
// The same, twice, and then a revert.
const failing: Hex = '0x00000000000000000000000000000000000c0de1'
const failingCode: Hex = `0x365f5f375f5f365f73${library}5afa505f5f365f73${library}5afa505f5ffd`
const hello = (n: bigint): Hex => encodeFunctionData({ abi: parseAbi(['function log(string,uint256)']), args: ['hello %d', n] })

describe('console.log', () => {
  const start = () =>
    startRpcOnChain({
      predeploys: [
        { address: logger, code },
        { address: failing, code: failingCode },
      ],
    })

  it('of a transaction is printed once, with its hash, though it is estimated, sealed, pending and traced', async () => {
    const { chain, call, send, logged } = await start()
    await chain.sealing.setAutomine(false)
    const hash = await send({ from: alice, nonce: 0, to: logger, data: hello(1n) })
    await call('eth_getBlockByNumber', 'pending', true)
    await call('eth_getBalance', alice.address, 'pending')
    expect(logged()).toEqual([])
    await chain.sealing.mine()
    expect(logged()).toEqual([{ transaction: hash, text: 'hello 1' }])
    await call('debug_traceTransaction', hash, { tracer: 'callTracer' })
    await call('trace_block', 'latest')
    expect(logged()).toHaveLength(1)
  })

  it('of calls and estimates is printed once each, also where they revert', async () => {
    const { call, logged } = await start()
    await call('eth_call', { to: logger, data: hello(2n) })
    await call('eth_estimateGas', { from: alice.address, to: logger, data: hello(3n) })
    await expect(call('eth_call', { to: failing, data: hello(4n) })).rejects.toMatchObject({ rpcCode: 3 })
    expect(logged()).toEqual([
      { method: 'eth_call', text: 'hello 2' },
      { method: 'eth_estimateGas', text: 'hello 3' },
      { method: 'eth_call', text: 'hello 4' },
      { method: 'eth_call', text: 'hello 4' },
    ])
  })

  it('changes neither gas nor state: the address stays an account without code', async () => {
    const { chain, send } = await start()
    const hash = await send({ from: alice, nonce: 0, to: logger, data: hello(1n) })
    const other = await startRpcOnChain({ predeploys: [{ address: logger, code: code.replace(library, 'aa'.repeat(20)) as Hex }] })
    const twin = await other.send({ from: alice, nonce: 0, to: logger, data: hello(1n) })
    expect(chain.store.receipt(hash)?.gasUsed).toBe(other.chain.store.receipt(twin)?.gasUsed)
  })
})
