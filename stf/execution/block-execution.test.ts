import { createBlockFromRLP } from '@ethereumjs/block'
import { bytesToHex as libraryHex } from '@ethereumjs/util'
import { encodeReceipt } from '@ethereumjs/vm'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes, InvalidTransactionError } from '../../core/index.ts'
import { headerHash, nextBaseFee } from '../block/header.ts'
import { proveAccount } from '../state/proof.ts'
import { StateStore } from '../state/state-store.ts'
import { WorldState } from '../state/world-state.ts'
import { blockHashCode, callData, countCode, destructCode, initCode, tokenCode } from '../testing/contracts.ts'
import { coinbase, DevChain, inboxRoot, signTransaction, type TestAccount, testAccounts, testCommon } from '../testing/dev-chain.ts'
import { orderedTrieRoot } from '../trie/ordered-trie.ts'

const [alice, bob] = testAccounts as [TestAccount, TestAccount]
const stranger: Hex = '0x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a'
const at = (address: Hex, code: Hex) => ({ address, code: hexToBytes(code) })
const token: Hex = '0x7070000000000000000000000000000000000001'
const counter: Hex = '0x7070000000000000000000000000000000000002'
const blockHashes: Hex = '0x7070000000000000000000000000000000000003'
const destructor: Hex = '0x7070000000000000000000000000000000000004'
const contracts = [at(token, tokenCode), at(counter, countCode), at(blockHashes, blockHashCode), at(destructor, destructCode)]

const read = (chain: DevChain, address: Hex, ...keys: bigint[]) =>
  proveAccount({ root: chain.head.stateRoot, address, keys }, chain.stateStore)

describe('BlockExecution', () => {
  it('seals a block whose hash, roots and encoding are those of the reference implementation', async () => {
    const chain = await DevChain.create(contracts)
    const { block, rlp, receipts, outcomes } = await chain.mine(
      [
        signTransaction({ from: alice, nonce: 0n, to: stranger, value: 7n }),
        signTransaction({ from: alice, nonce: 1n, to: token, data: callData(bob.address, 5n) }),
        signTransaction({ from: bob, nonce: 0n, data: initCode(tokenCode) }),
        signTransaction({ from: bob, nonce: 1n, to: counter, data: callData(1n, 1n) }),
      ],
      [{ index: 0n, validatorIndex: 0n, address: stranger, amountGwei: 3n }],
    )
    const reference = createBlockFromRLP(rlp, { common: testCommon })
    expect(libraryHex(reference.hash())).toBe(block.hash)
    expect(await reference.transactionsTrieIsValid()).toBe(true)
    expect(await reference.withdrawalsTrieIsValid()).toBe(true)
    expect(block.hash).toBe(headerHash(block.header))
    expect(outcomes.map(({ succeeded, error }) => [succeeded, error])).toEqual([
      [true, null],
      [true, null],
      [true, null],
      [false, 'execution reverted'],
    ])
    const encoded = receipts.map((receipt) =>
      encodeReceipt(
        {
          status: receipt.succeeded ? 1 : 0,
          cumulativeBlockGasUsed: receipt.cumulativeGasUsed,
          bitvector: hexToBytes(receipt.logsBloom),
          logs: receipt.logs.map((log) => [hexToBytes(log.address), log.topics.map(hexToBytes), hexToBytes(log.data)]),
        },
        2,
      ),
    )
    expect(bytesToHex(orderedTrieRoot(encoded))).toBe(block.header.receiptsRoot)
    expect(receipts[1]?.logs[0]).toMatchObject({ address: token, logIndex: 0, transactionIndex: 1, blockHash: block.hash })
    expect(receipts[2]?.contractAddress).toBe(outcomes[2]?.createdAddress)
    expect(block.header.gasUsed).toBe(receipts.at(-1)?.cumulativeGasUsed)
  })

  it('pays the coinbase its priority fee, burns the base fee and credits deposits in Gwei', async () => {
    const chain = await DevChain.create()
    const deposits = [1n, 2n].map((index) => ({ index, validatorIndex: 0n, address: stranger, amountGwei: 5n }))
    const { block } = await chain.mine([signTransaction({ from: alice, nonce: 0n, to: bob.address, value: 7n })], deposits)
    expect(read(chain, coinbase).balance).toBe(21_000n * 10n ** 9n)
    expect(read(chain, stranger).balance).toBe(10n * 10n ** 9n)
    expect(read(chain, bob.address).balance).toBe(1000n * 10n ** 18n + 7n)
    const spent = 7n + 21_000n * (block.header.baseFeePerGas + 10n ** 9n)
    expect(read(chain, alice.address)).toMatchObject({ nonce: 1n, balance: 1000n * 10n ** 18n - spent })
  })

  it('leaves no account behind for a deposit of nothing', async () => {
    const chain = await DevChain.create()
    const { commit } = await chain.mine([], [{ index: 0n, validatorIndex: 0n, address: stranger, amountGwei: 0n }])
    expect(commit.changes.some(({ address }) => address === stranger)).toBe(false)
    expect(commit.touched.some(({ address }) => address === stranger)).toBe(true)
  })

  it('writes the parent hash and the Inbox root to the system contracts', async () => {
    const chain = await DevChain.create()
    const parent = headerHash(chain.head)
    await chain.mine()
    const { timestamp } = chain.head
    const history = read(chain, '0x0000f90827f1c53a10cb7a02335b175320002935', 0n)
    expect(history.storageProof[0]?.value).toBe(BigInt(parent))
    const roots = read(chain, '0x000f3df6d732807ef1319fb7b8bb8522d0beac02', timestamp % 8191n, (timestamp % 8191n) + 8191n)
    expect(roots.storageProof.map(({ value }) => value)).toEqual([timestamp, BigInt(inboxRoot)])
  })

  it('serves BLOCKHASH for the last 256 blocks, and zero beyond', async () => {
    const chain = await DevChain.create(contracts)
    for (let i = 0; i < 300; i++) await chain.mine()
    const execution = await chain.begin()
    const head = chain.head.number
    const ask = async (number: bigint, nonce: bigint) =>
      bytesToHex(
        (await execution.addTransaction(signTransaction({ from: alice, nonce, to: blockHashes, data: callData(number) }))).returnData,
      )
    const zero = bytesToHex(new Uint8Array(32))
    const hashOf = (number: bigint) => chain.blocks[Number(number) - 1]?.block.hash
    expect(await ask(head, 0n)).toBe(hashOf(head))
    expect(await ask(head - 100n, 1n)).toBe(hashOf(head - 100n))
    expect(await ask(head - 255n, 2n)).toBe(hashOf(head - 255n))
    expect(await ask(head - 256n, 3n)).toBe(zero)
    expect(await ask(head + 1n, 4n)).toBe(zero)
    expect(await ask(2n ** 255n, 5n)).toBe(zero)
  })

  it('knows the hash of the genesis block', async () => {
    const chain = await DevChain.create(contracts)
    const { outcomes } = await chain.mine([signTransaction({ from: alice, nonce: 0n, to: blockHashes, data: callData(0n) })])
    expect(bytesToHex(outcomes[0]?.returnData ?? new Uint8Array(0))).toBe(chain.genesis.block.hash)
  })

  it('takes the last transaction out as if it had never been', async () => {
    const transactions = [0n, 1n].map((nonce) => signTransaction({ from: alice, nonce, to: counter, data: callData(1n, 0n) }))
    const plain = await DevChain.create(contracts)
    const expected = await plain.mine(transactions)
    const chain = await DevChain.create(contracts)
    const execution = await chain.begin()
    const before = execution.stateDiffBytes
    for (const transaction of transactions) {
      await execution.addTransaction(signTransaction({ from: bob, nonce: 0n, to: token, data: callData(stranger, 5n) }))
      await execution.undoLastTransaction()
      await expect(execution.undoLastTransaction()).rejects.toMatchObject({ code: 'BLOCK_BUILD' })
      await execution.addTransaction(transaction)
    }
    expect(before).toBeLessThan(execution.stateDiffBytes)
    const { block, commit } = await chain.seal(execution)
    expect(block.hash).toBe(expected.block.hash)
    expect([commit.touched, commit.witnessBytes]).toEqual([expected.commit.touched, expected.commit.witnessBytes])
  })

  it.each<[string, Parameters<typeof signTransaction>[0], string]>([
    ['a nonce that was used', { from: alice, nonce: 0n, to: bob.address }, 'NONCE_TOO_LOW'],
    ['a nonce ahead', { from: alice, nonce: 5n, to: bob.address }, 'NONCE_TOO_HIGH'],
    ['too little balance', { from: alice, nonce: 1n, to: bob.address, value: 1000n * 10n ** 18n }, 'INSUFFICIENT_FUNDS'],
    ['too little gas', { from: alice, nonce: 1n, to: bob.address, gasLimit: 20_999n }, 'INTRINSIC_GAS'],
    [
      'less gas than calldata costs (EIP-7623)',
      { from: alice, nonce: 1n, to: bob.address, data: `0x${'11'.repeat(1000)}`, gasLimit: 60_000n },
      'FLOOR_DATA_GAS',
    ],
  ])('refuses %s and goes on', async (_, fields, code) => {
    const chain = await DevChain.create()
    const execution = await chain.begin()
    await execution.addTransaction(signTransaction({ from: alice, nonce: 0n, to: bob.address }))
    const bytes = execution.stateDiffBytes
    await expect(execution.addTransaction(signTransaction(fields))).rejects.toMatchObject({ name: 'InvalidTransactionError', code })
    expect(execution.stateDiffBytes).toBe(bytes)
    await execution.addTransaction(signTransaction({ from: alice, nonce: 1n, to: bob.address }))
    expect((await chain.seal(execution)).receipts.map(({ gasUsed }) => gasUsed)).toEqual([21_000n, 21_000n])
  })

  it('refuses bytes that are not a transaction, blob transactions and gas limits above the cap of EIP-7825', async () => {
    const execution = await (await DevChain.create()).begin()
    for (const raw of ['0x', '0x00', '0x02', '0x02c0', '0xc0', '0x03f8', '0x7f'] as const) {
      await expect(execution.addTransaction(hexToBytes(raw))).rejects.toBeInstanceOf(InvalidTransactionError)
    }
    const tooBig = signTransaction({ from: alice, nonce: 0n, to: bob.address, gasLimit: 16_777_216n }).serialize()
    await execution.addTransaction(tooBig)
    expect(() => signTransaction({ from: alice, nonce: 1n, to: bob.address, gasLimit: 16_777_217n })).toThrow('7825')
  })

  it('does not blame the transaction when the database cannot be read, and takes it once it can', async () => {
    const chain = await DevChain.create(contracts)
    const transaction = () => signTransaction({ from: alice, nonce: 0n, to: counter, data: callData(1n, 0n) })
    let fault: 'node' | 'code' | undefined
    const { store: disk } = chain
    const reader = {
      node(hash: Uint8Array) {
        if (fault === 'node') throw new TypeError('disk I/O error')
        return disk.node(hash)
      },
      code(hash: Uint8Array) {
        if (fault === 'code') throw new TypeError('disk I/O error')
        return disk.code(hash)
      },
    }
    for (const kind of ['node', 'code'] as const) {
      const state = WorldState.at(chain.state.root, new StateStore({}, reader))
      const execution = await chain.begin({ state })
      fault = kind
      await expect(execution.addTransaction(transaction())).rejects.toMatchObject({ code: 'STATE_UNREADABLE' })
      fault = undefined
      await execution.addTransaction(transaction())
      expect((await execution.seal()).block.transactions).toHaveLength(1)
    }
  })

  it('has room for gas limits up to the pinned one only', async () => {
    const execution = await (await DevChain.create()).begin()
    await execution.addTransaction(signTransaction({ from: alice, nonce: 0n, to: bob.address, gasLimit: 16_777_216n }))
    const gasLimit = 16_000_000n
    // 15 transactions use little, so the limit counts against what is used, not against what was allowed.
    for (let nonce = 1n; nonce < 15n; nonce++)
      await execution.addTransaction(signTransaction({ from: alice, nonce, to: bob.address, gasLimit }))
    const loop = signTransaction({ from: bob, nonce: 0n, data: '0x5b5f56', gasLimit })
    await execution.addTransaction(loop)
    await expect(execution.addTransaction(signTransaction({ from: bob, nonce: 1n, to: bob.address, gasLimit }))).rejects.toMatchObject({
      code: 'BLOCK_GAS_EXCEEDED',
    })
  })

  it('leaves the state as it was when it is abandoned', async () => {
    const chain = await DevChain.create()
    const execution = await chain.begin()
    await execution.addTransaction(signTransaction({ from: alice, nonce: 0n, to: bob.address, value: 1n }))
    execution.abandon()
    await expect(execution.seal()).rejects.toMatchObject({ code: 'BLOCK_BUILD' })
    expect(chain.state.root).toBe(chain.genesis.commit.stateRoot)
    expect(chain.state.touched()).toEqual([])
    await chain.mine([signTransaction({ from: alice, nonce: 0n, to: bob.address, value: 1n })])
  })

  it('deletes a contract that is created and destroyed in one transaction, with its storage (EIP-6780)', async () => {
    const chain = await DevChain.create(contracts)
    // Init code: SSTORE(1, 1), then SELFDESTRUCT(caller).
    const { commit, outcomes } = await chain.mine([signTransaction({ from: alice, nonce: 0n, data: '0x600160015533ff', value: 9n })])
    const created = outcomes[0]?.createdAddress
    expect(outcomes[0]?.succeeded).toBe(true)
    expect(commit.changes.some(({ address }) => address === created)).toBe(false)
    const later = await chain.mine([signTransaction({ from: alice, nonce: 1n, to: destructor, data: callData(bob.address), value: 4n })])
    expect(read(chain, destructor)).toMatchObject({ balance: 0n, nonce: 1n })
    expect(later.commit.newCodes).toEqual([])
  })

  it.each([
    [{ timestamp: 1_700_000_000n }, 'timestamp'],
    [{ extraData: `0x${'00'.repeat(33)}` as Hex }, 'extraData'],
    [{ deposits: new Array(17).fill({ index: 0n, validatorIndex: 0n, address: stranger, amountGwei: 1n }) }, '17 deposits'],
    [{ deposits: [{ index: 0n, validatorIndex: 0n, address: stranger, amountGwei: 2n ** 64n }] }, '64 bits'],
  ])('does not begin with %o', async (options, reason) => {
    await expect((await DevChain.create()).begin(options)).rejects.toThrow(reason)
  })
})

describe('nextBaseFee', () => {
  it.each([
    [1_000_000_000n, 0n, 875_000_000n],
    [1_000_000_000n, 15_000_000n, 1_000_000_000n],
    [1_000_000_000n, 30_000_000n, 1_125_000_000n],
    [7n, 0n, 7n],
    [1n, 15_000_001n, 2n],
  ])('follows EIP-1559 from %i with %i gas used to %i', (baseFeePerGas, gasUsed, next) => {
    expect(nextBaseFee({ baseFeePerGas, gasUsed })).toBe(next)
  })
})

describe('genesis', () => {
  it('is reproducible and readable from its own nodes and codes', async () => {
    const chain = await DevChain.create(contracts)
    expect((await DevChain.create(contracts)).genesis.block.hash).toBe(chain.genesis.block.hash)
    expect(createBlockFromRLP(chain.genesis.rlp, { common: testCommon }).hash()).toEqual(hexToBytes(chain.genesis.block.hash))
    const state = WorldState.at(chain.genesis.commit.stateRoot, chain.stateStore)
    for (const { address, code } of contracts) {
      const proof = proveAccount({ root: state.root, address, keys: [] }, chain.stateStore)
      expect(proof.nonce).toBe(1n)
      expect(chain.store.code(hexToBytes(proof.codeHash))).toEqual(code)
    }
  })
})
