import { describe, expect, it } from 'vitest'
import { bytesToHex, keccak256Hex, predeploys } from '../../core/index.ts'
import { createL2Common, executeBlock, StateStore, WitnessStore, WorldState } from '../../stf/index.ts'
import { callData, initCode, storeCode } from '../../stf/testing/contracts.ts'
import { account, sign, startTestChain, testChainId } from '../testing/test-chain.ts'

const alice = account(0)

describe('The witness of a block', () => {
  it('is enough to execute it statelessly, whatever it reads, writes or deletes', async () => {
    const chain = await startTestChain()
    const submit = async (fields: Record<string, unknown>) =>
      chain.pool.submit(sign({ from: alice, nonce: chain.pool.nextNonce(alice.address), gasLimit: 500_000n, ...fields }))
    await submit({ to: undefined, data: initCode(storeCode) })
    const contract = chain.store.receipts(1n)[0]?.contractAddress
    // Slots that share branches of the trie, cleared again one by one: the branches collapse onto what was not touched.
    for (let slot = 0n; slot < 12n; slot++) await submit({ to: contract, data: callData(slot, slot + 1n) })
    for (let slot = 0n; slot < 12n; slot += 2n) await submit({ to: contract, data: callData(slot, 0n) })
    chain.feed.push(account(1).address, 7n)
    await chain.depositsArrived()
    await chain.sealing.mine()

    const head = chain.store.head().header.number
    expect(head).toBe(21n)
    for (let number = 1n; number <= head; number++) {
      const { state: nodes, codes, keys, headers } = chain.witness.executionWitness(number)
      const [parent] = headers
      const record = chain.store.record(number)
      const before = chain.store.record(number - 1n)
      if (parent === undefined || record === undefined || before === undefined) throw new Error(`block ${number} is not stored`)
      expect(keccak256Hex(parent)).toBe(record.block.header.parentHash)
      const witness = new WitnessStore({ nodes, codes })
      const executed = await executeBlock({
        common: createL2Common(testChainId),
        state: WorldState.at(before.block.header.stateRoot, new StateStore({}, witness)),
        parentHeader: before.block.header,
        blockRlp: record.rlp,
      })
      expect(executed.block.hash).toBe(record.block.hash)
      expect(keys.map(bytesToHex)).toContain(predeploys.historyStorage)
      expect(keys.every(({ length }) => length === 20 || length === 32)).toBe(true)
    }
    await chain.stop()
  })

  it('does not exist where nothing is known of the state before it', async () => {
    const chain = await startTestChain()
    expect(() => chain.witness.executionWitness(0n)).toThrow(expect.objectContaining({ code: 'STATE_UNAVAILABLE' }))
    expect(() => chain.witness.executionWitness(1n)).toThrow(expect.objectContaining({ code: 'STATE_UNAVAILABLE' }))
    await chain.stop()
  })
})
