import { beforeAll, describe, expect, it } from 'vitest'
import { type BlockHeader, bytesToHex, type Hex, hexToBytes } from '../../core/index.ts'
import { decodeBlock, encodeBlock } from '../block/block-rlp.ts'
import { decodeHeader, encodeHeader } from '../block/header.ts'
import { WorldState } from '../state/world-state.ts'
import { callData, countCode, initCode, tokenCode } from '../testing/contracts.ts'
import { DevChain, signTransaction, type TestAccount, testAccounts, testCommon } from '../testing/dev-chain.ts'
import type { BlockFault } from './errors.ts'
import { executeBlock } from './execute-block.ts'
import type { ExecutedBlock } from './types.ts'

const [alice, bob] = testAccounts as [TestAccount, TestAccount]
const counter: Hex = '0x7070000000000000000000000000000000000002'

describe('executeBlock', () => {
  let chain: DevChain
  let sealed: ExecutedBlock
  let parentHeader: BlockHeader

  beforeAll(async () => {
    chain = await DevChain.create([{ address: counter, code: hexToBytes(countCode) }])
    await chain.mine([signTransaction({ from: alice, nonce: 0n, to: bob.address, value: 1n })])
    parentHeader = chain.head
    sealed = await chain.mine(
      [
        signTransaction({ from: alice, nonce: 1n, data: initCode(tokenCode) }),
        signTransaction({ from: bob, nonce: 0n, to: counter, data: callData(1n, 0n) }),
      ],
      [{ index: 0n, validatorIndex: 0n, address: bob.address, amountGwei: 3n }],
    )
  })

  const execute = (blockRlp: Uint8Array) =>
    executeBlock({ common: testCommon, state: WorldState.at(parentHeader.stateRoot, chain.stateStore), parentHeader, blockRlp })

  it('comes to the same block, receipts and changes as the sealer', async () => {
    const executed = await execute(sealed.rlp)
    expect(executed.block).toEqual(sealed.block)
    expect(executed.receipts).toEqual(sealed.receipts)
    expect(executed.commit.changes).toEqual(sealed.commit.changes)
    expect(executed.commit.touched).toEqual(sealed.commit.touched)
  })

  const hash: Hex = `0x${'ab'.repeat(32)}`
  it.each<[BlockFault, Partial<BlockHeader>]>([
    ['parentHash', { parentHash: hash }],
    ['ommersHash', { ommersHash: hash }],
    ['stateRoot', { stateRoot: hash }],
    ['transactionsRoot', { transactionsRoot: hash }],
    ['receiptsRoot', { receiptsRoot: hash }],
    ['logsBloom', { logsBloom: `0x${'01'.repeat(256)}` }],
    ['difficulty', { difficulty: 1n }],
    ['number', { number: 3n }],
    ['gasLimit', { gasLimit: 30_000_001n }],
    ['gasUsed', { gasUsed: 1n }],
    ['timestamp', { timestamp: 1_700_000_001n }],
    ['nonce', { nonce: '0x0000000000000001' }],
    ['baseFeePerGas', { baseFeePerGas: 1n }],
    ['withdrawalsRoot', { withdrawalsRoot: hash }],
    ['blobGasUsed', { blobGasUsed: 131_072n }],
    ['excessBlobGas', { excessBlobGas: 1n }],
    ['requestsHash', { requestsHash: hash }],
    // Free fields change what the block does to the state.
    ['stateRoot', { parentBeaconBlockRoot: hash }],
    ['stateRoot', { coinbase: alice.address }],
  ])('names %s when it is false', async (field, change) => {
    const block = decodeBlock(sealed.rlp)
    await expect(execute(encodeBlock({ ...block, header: { ...block.header, ...change } }))).rejects.toMatchObject({
      code: 'INVALID_BLOCK',
      field,
    })
  })

  it('leaves the state at its root when the block is invalid', async () => {
    const state = WorldState.at(parentHeader.stateRoot, chain.stateStore)
    const block = decodeBlock(sealed.rlp)
    const blockRlp = encodeBlock({ ...block, header: { ...block.header, gasUsed: 1n } })
    await expect(executeBlock({ common: testCommon, state, parentHeader, blockRlp })).rejects.toThrow('gasUsed')
    expect(state.root).toBe(parentHeader.stateRoot)
    expect((await executeBlock({ common: testCommon, state, parentHeader, blockRlp: sealed.rlp })).block.hash).toBe(sealed.block.hash)
  })

  it('refuses transactions that cannot be executed', async () => {
    const block = decodeBlock(sealed.rlp)
    const [first, second] = block.transactions
    for (const transactions of [[second, second], [first, first], [Uint8Array.of(3, 0xc0)], [Uint8Array.of(0x7f)]]) {
      const rlp = encodeBlock({ ...block, transactions: transactions.flatMap((raw) => raw ?? []) })
      await expect(execute(rlp)).rejects.toMatchObject({ code: 'INVALID_BLOCK', field: 'transactions' })
    }
  })

  it('refuses withdrawals that are no deposits', async () => {
    const block = decodeBlock(sealed.rlp)
    const [deposit] = block.withdrawals
    if (deposit === undefined) throw new Error('no deposit')
    for (const withdrawals of [new Array(17).fill(deposit), [{ ...deposit, validatorIndex: 1n }]]) {
      await expect(execute(encodeBlock({ ...block, withdrawals }))).rejects.toMatchObject({ code: 'INVALID_BLOCK', field: 'withdrawals' })
    }
    await expect(execute(encodeBlock({ ...block, withdrawals: [] }))).rejects.toMatchObject({ code: 'INVALID_BLOCK' })
  })

  it('refuses bytes that are not the encoding of a block', async () => {
    const { rlp } = sealed
    const cases = [rlp.subarray(1), rlp.subarray(0, -1), Buffer.concat([rlp, Uint8Array.of(0)]), new Uint8Array(0), Uint8Array.of(0xc0)]
    for (const bytes of cases) await expect(execute(bytes)).rejects.toMatchObject({ code: 'BLOCK_FORMAT' })
    for (let i = 0; i < rlp.length; i += 7) {
      const broken = rlp.slice()
      broken[i] = (broken[i] ?? 0) ^ 0x41
      const result = await execute(broken).then(
        ({ block }) => block,
        (error: unknown) => error,
      )
      // prevRandao is free and nothing here depends on it: another, valid block.
      if (result instanceof Error) expect(result).toMatchObject({ code: expect.stringMatching(/^(BLOCK_FORMAT|INVALID_BLOCK)$/) })
      else
        expect(result).toMatchObject({
          header: { ...sealed.block.header, mixHash: expect.not.stringMatching(sealed.block.header.mixHash) },
        })
    }
  })

  it('reads a header back from its RLP', () => {
    const rlp = encodeHeader(sealed.block.header)
    expect(decodeHeader(rlp)).toEqual(sealed.block.header)
    expect(bytesToHex(encodeHeader(decodeHeader(rlp)))).toBe(bytesToHex(rlp))
    expect(() => decodeHeader(rlp.subarray(1))).toThrow(expect.objectContaining({ code: 'BLOCK_FORMAT' }))
  })
})
