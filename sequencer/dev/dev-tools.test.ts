import { describe, expect, it } from 'vitest'
import { type Hex, hexToBytes, keccak256Hex, rules } from '../../core/index.ts'
import { type DevnetDatabase, openMemoryDatabase } from '../../database/index.ts'
import { headerHash, nextBaseFee } from '../../stf/index.ts'
import { callData, tokenCode } from '../../stf/testing/contracts.ts'
import { DevnetSnapshots } from '../snapshots/devnet-snapshots.ts'
import { chainMigrations } from '../storage/migrations.ts'
import { account, ether, gwei, sign, signAs, startTestChain, type TestChain } from '../testing/test-chain.ts'

const stranger: Hex = '0x00000000000000000000000000000000000000bb'
const token: Hex = '0x00000000000000000000000000000000000c0de1'
const memory = (): DevnetDatabase => openMemoryDatabase({ migrations: [chainMigrations] })
const head = ({ store }: TestChain): bigint => store.head().header.number
const newest = ({ store }: TestChain) => store.stateAt(store.head().header.number)
const kinds = ({ store }: TestChain, block: bigint) => store.devReasons(block).map(({ kind }) => kind)
const setBalance = (chain: TestChain, balance: bigint, address = stranger) => chain.dev.edit(() => [{ address, balance }])

describe('editing the state', () => {
  it('shows at once, makes no block, and is what the next block starts from', async () => {
    const chain = await startTestChain()
    const before = chain.store.head()
    await setBalance(chain, 5n * ether)
    await chain.dev.edit((state) => [{ address: stranger, balance: state.account(stranger).balance + 1n, nonce: 7n }])
    expect(chain.store.head()).toBe(before)
    expect(newest(chain).account(stranger)).toMatchObject({ balance: 5n * ether + 1n, nonce: 7n })
    expect(chain.store.sealedStateAt(0n).account(stranger).balance).toBe(0n)
    await chain.pool.submit(sign({ from: account(0), nonce: 0 }))
    expect(newest(chain).account(stranger)).toMatchObject({ balance: 5n * ether + 1n, nonce: 7n })
    expect(chain.store.stateAt(0n).account(stranger).balance).toBe(5n * ether + 1n)
    expect(chain.store.devReasons(1n)).toEqual([
      { kind: 'stateEdited', blockNumber: 1n, detail: `balance of ${stranger} set` },
      { kind: 'stateEdited', blockNumber: 1n, detail: `balance, nonce of ${stranger} set` },
    ])
    await chain.pool.submit(sign({ from: account(0), nonce: 1 }))
    expect(kinds(chain, 2n)).toEqual([])
  })

  it('is no reason where nothing changed', async () => {
    const chain = await startTestChain()
    await setBalance(chain, newest(chain).account(account(0).address).balance, account(0).address)
    await chain.sealing.mine()
    expect(kinds(chain, 1n)).toEqual([])
  })

  it('survives the process', async () => {
    const database = memory()
    const first = await startTestChain({ database })
    await first.pool.submit(sign({ from: account(0), nonce: 0 }))
    await first.dev.edit(() => [{ address: token, code: hexToBytes(tokenCode), slots: [{ key: 3n, value: 9n }] }])
    await first.dev.impersonate(stranger)
    await first.dev.setBlock({ coinbase: stranger, nextBaseFeePerGas: 3n * gwei })
    const root = first.store.rootAfter(1n)
    const again = await startTestChain({ database })
    expect(again.store.rootAfter(1n)).toBe(root)
    expect(newest(again).code(token)).toEqual(hexToBytes(tokenCode))
    expect(again.dev.isImpersonated(stranger)).toBe(true)
    expect(again.sealing.nextBlock()).toMatchObject({ coinbase: stranger, baseFeePerGas: 3n * gwei })
    await again.sealing.mine()
    expect(newest(again).storage(token, 3n)).toBe(9n)
    expect(kinds(again, 2n)).toEqual(['stateEdited', 'baseFee'])
  })

  it('gives an account that would be empty the nonce of a contract, so that it keeps its storage', async () => {
    const chain = await startTestChain()
    await chain.dev.edit(() => [{ address: stranger, slots: [{ key: 1n, value: 2n }] }])
    expect(newest(chain).account(stranger).nonce).toBe(1n)
    expect(newest(chain).storage(stranger, 1n)).toBe(2n)
    await chain.dev.edit(() => [{ address: stranger, nonce: 0n }])
    expect(newest(chain).storage(stranger, 1n)).toBe(0n)
  })

  it('drops pooled transactions that a nonce leaves behind, and takes none of the past for new', async () => {
    const chain = await startTestChain({ sealing: { automine: false } })
    const raw = sign({ from: account(0), nonce: 0 })
    const hash = await chain.pool.submit(raw)
    await chain.dev.edit(() => [{ address: account(0).address, nonce: 1n }])
    expect(chain.pool.find(hash)).toBeUndefined()
    await chain.dev.edit(() => [{ address: account(0).address, nonce: 0n }])
    await chain.pool.submit(raw)
    await chain.sealing.mine()
    await chain.dev.edit(() => [{ address: account(0).address, nonce: 0n }])
    await expect(chain.pool.submit(raw)).rejects.toThrow('already known')
    await chain.pool.submit(sign({ from: account(0), nonce: 0, value: 1n }))
    await chain.sealing.mine()
    expect(chain.store.head().transactions).toHaveLength(1)
  })

  it('spreads what is too much for one block, and refuses what no block can take', async () => {
    const chain = await startTestChain()
    const code = (fill: number) => new Uint8Array(60_000).fill(fill)
    await chain.dev.edit(() => [1, 2, 3].map((i) => ({ address: `0x${'00'.repeat(19)}0${i}`, code: code(i) })))
    expect(head(chain)).toBe(2n)
    await chain.pool.submit(sign({ from: account(0), nonce: 0 }))
    expect([1n, 2n, 3n].flatMap((block) => kinds(chain, block))).toEqual(['stateEdited', 'stateEdited', 'stateEdited'])
    expect(Math.max(...[1n, 2n, 3n].map((block) => chain.store.diffBytes(block) ?? 0))).toBeLessThan(rules.maxStateDiffBytes)
    await expect(chain.dev.edit(() => [{ address: stranger, code: new Uint8Array(rules.maxStateDiffBytes + 1) }])).rejects.toMatchObject({
      code: 'STATE_EDIT_TOO_LARGE',
    })
  })

  it('leaves room for a transaction that fills a block', async () => {
    const chain = await startTestChain()
    await chain.dev.edit(() => [{ address: token, code: new Uint8Array(99_000).fill(1) }])
    // Init code that returns 24 kB: its diff and the edit's do not fit together.
    const data = '0x6160005ff3'
    const hash = await chain.pool.submit(sign({ from: account(0), nonce: 0, to: undefined, data, gasLimit: 8_000_000n }))
    expect(chain.store.receipt(hash)?.blockNumber).toBe(2n)
  })

  it('is traced from where the block started', async () => {
    const chain = await startTestChain()
    await chain.dev.edit(() => [
      { address: token, code: hexToBytes(tokenCode), slots: [{ key: BigInt(account(0).address), value: 1_000n }] },
    ])
    const hash = await chain.pool.submit(sign({ from: account(0), nonce: 0, to: token, data: callData(5n, 10n) }))
    const tracer = { name: 'callTracer', onlyTopCall: false, withLog: false } as const
    const trace = await chain.simulator.traceTransaction(hash, tracer, new AbortController().signal)
    expect(trace).toMatchObject({ gasUsed: `0x${chain.store.receipt(hash)?.gasUsed.toString(16)}` })
  })
})

describe('impersonation', () => {
  const send = (chain: TestChain, from: Hex, fields: Record<string, unknown> = {}) => chain.dev.submitImpersonated(signAs(from, fields))

  it('executes without a signature, under a hash of its own', async () => {
    const chain = await startTestChain()
    await setBalance(chain, ether)
    await setBalance(chain, ether, token)
    const hashes = [await send(chain, stranger, { nonce: 0n, value: 5n }), await send(chain, token, { nonce: 0n, value: 5n })]
    expect(new Set(hashes).size).toBe(2)
    for (const [index, hash] of hashes.entries()) {
      const transaction = chain.store.transaction(hash)
      expect(transaction).toMatchObject({ sender: [stranger, token][index], hash: keccak256Hex(transaction?.raw ?? new Uint8Array()) })
      expect(chain.store.receipt(hash)).toMatchObject({ succeeded: true, from: [stranger, token][index] })
    }
    expect(newest(chain).account(stranger).nonce).toBe(1n)
    expect(kinds(chain, 1n)).toContain('impersonation')
    expect(kinds(chain, 2n)).toEqual(['impersonation'])
  })

  it('lets contracts send, whose code still runs', async () => {
    const chain = await startTestChain()
    // Stores the caller under slot 0.
    await chain.dev.edit(() => [{ address: token, balance: ether, code: Uint8Array.of(0x33, 0x5f, 0x55) }])
    const hash = await send(chain, token, { nonce: 0n, to: token })
    expect(chain.store.receipt(hash)?.succeeded).toBe(true)
    expect(newest(chain).storage(token, 0n)).toBe(BigInt(token))
  })

  it('is traced, waits in the pool and survives the process as others do', async () => {
    const database = memory()
    const first = await startTestChain({ database, sealing: { automine: false } })
    await setBalance(first, ether)
    const hash = await send(first, stranger, { nonce: 0n, value: 3n })
    const second = await startTestChain({ database, sealing: { automine: false } })
    expect(second.pool.pending()).toMatchObject([{ hash, sender: stranger }])
    await second.sealing.mine()
    const trace = await second.simulator.traceTransaction(
      hash,
      { name: 'callTracer', onlyTopCall: false, withLog: false },
      new AbortController().signal,
    )
    expect(trace).toMatchObject({ from: stranger, value: '0x3' })
  })

  it('is nothing that anybody can send as a signed transaction', async () => {
    const chain = await startTestChain()
    await setBalance(chain, ether)
    const raw = signAs(stranger, { nonce: 0n })
    await expect(chain.pool.submit(raw)).rejects.toThrow('invalid sender')
    await chain.dev.submitImpersonated(raw)
    await expect(chain.pool.submit(raw)).rejects.toThrow('invalid sender')
    await expect(chain.dev.submitImpersonated(sign({ from: account(0), nonce: 0 }))).rejects.toThrow('invalid sender')
  })

  it('keeps to every other rule', async () => {
    const chain = await startTestChain()
    await setBalance(chain, ether)
    await expect(send(chain, stranger, { nonce: 0n, value: 2n * ether })).rejects.toThrow('insufficient funds')
    await expect(send(chain, stranger, { nonce: 0n, gasLimit: 20_000n })).rejects.toThrow('intrinsic gas too low')
    await send(chain, stranger, { nonce: 0n })
    await expect(send(chain, stranger, { nonce: 0n, value: 1n })).rejects.toThrow('nonce too low')
  })

  it('is known by name or for all', async () => {
    const { dev } = await startTestChain()
    expect(dev.isImpersonated(stranger)).toBe(false)
    await dev.impersonate(stranger)
    expect([dev.isImpersonated(stranger), dev.isImpersonated(token)]).toEqual([true, false])
    await dev.setAutoImpersonation(true)
    expect(dev.isImpersonated(token)).toBe(true)
    await dev.setAutoImpersonation(false)
    expect([await dev.stopImpersonating(token), await dev.stopImpersonating(stranger), dev.isImpersonated(stranger)]).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('block settings', () => {
  it('hold for the next block, or for all', async () => {
    const chain = await startTestChain()
    const prevRandao = keccak256Hex(Uint8Array.of(1))
    await chain.dev.setBlock({ coinbase: stranger, gasLimit: 50_000_000n, nextBaseFeePerGas: 9n, nextPrevRandao: prevRandao })
    await chain.sealing.mine({ blocks: 2 })
    const [first, second] = [chain.store.blockByNumber(1n)?.header, chain.store.head().header]
    expect(first).toMatchObject({ coinbase: stranger, gasLimit: 50_000_000n, baseFeePerGas: 9n, mixHash: prevRandao })
    expect(second).toMatchObject({ coinbase: stranger, gasLimit: 50_000_000n, baseFeePerGas: first && nextBaseFee(first) })
    expect(second.mixHash).not.toBe(prevRandao)
    expect([kinds(chain, 1n), kinds(chain, 2n)]).toEqual([['baseFee', 'gasLimit'], ['gasLimit']])
    expect(headerHash(second)).toBe(chain.store.head().hash)
  })

  it('are no reason where the guest leaves the sequencer free, or nothing is forced', async () => {
    const chain = await startTestChain()
    const { baseFeePerGas } = chain.sealing.nextBlock()
    await chain.dev.setBlock({ coinbase: stranger, nextPrevRandao: keccak256Hex(Uint8Array.of(1)), nextBaseFeePerGas: baseFeePerGas })
    await chain.sealing.mine()
    expect(kinds(chain, 1n)).toEqual([])
  })

  it('space timestamps whatever the clock says', async () => {
    const chain = await startTestChain()
    await chain.dev.setBlock({ timestampInterval: 30n })
    await chain.sealing.mine({ blocks: 2 })
    const times = [0n, 1n, 2n].map((block) => chain.store.blockByNumber(block)?.header.timestamp ?? 0n)
    expect(times).toEqual([times[0], (times[0] ?? 0n) + 30n, (times[0] ?? 0n) + 60n])
  })

  it('are told to the pending block', async () => {
    const chain = await startTestChain()
    // Returns COINBASE.
    await chain.dev.edit(() => [{ address: token, code: Uint8Array.of(0x41, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3) }])
    const ask = async () =>
      Buffer.from((await chain.simulator.call({ to: token }, { blockNumber: 0n, pending: true })).returnData).toString('hex')
    await chain.dev.setBlock({ coinbase: stranger })
    expect(await ask()).toBe(stranger.slice(2).padStart(64, '0'))
    await chain.dev.setBlock({ coinbase: token })
    expect(await ask()).toBe(token.slice(2).padStart(64, '0'))
  })
})

describe('many empty blocks at once', () => {
  it.each([
    [64, []],
    [65, ['emptyBlocks']],
  ])('%i of them: %j', async (blocks, expected) => {
    const chain = await startTestChain()
    await chain.sealing.mine({ blocks })
    expect([kinds(chain, 1n), kinds(chain, BigInt(blocks))]).toEqual([expected, expected])
  })
})

describe('where L1 takes no dev batches', () => {
  it('nothing that needs one is possible', async () => {
    const chain = await startTestChain({ allowsDevBatches: false })
    const refused = [
      setBalance(chain, 1n),
      chain.dev.impersonate(stranger),
      chain.dev.setAutoImpersonation(true),
      chain.dev.submitImpersonated(signAs(stranger, { nonce: 0n })),
      chain.dev.setBlock({ nextBaseFeePerGas: 1n }),
      chain.dev.setBlock({ gasLimit: 1n }),
    ]
    for (const attempt of refused) await expect(attempt).rejects.toMatchObject({ code: 'DEV_BATCHES_NOT_ALLOWED' })
    await chain.dev.setBlock({ coinbase: stranger, gasLimit: rules.blockGasLimit })
    await chain.sealing.mine({ blocks: 70 })
    expect([kinds(chain, 1n), kinds(chain, 70n)]).toEqual([[], []])
  })
})

describe('snapshots', () => {
  it('take back edits and settings, and keep those from before', async () => {
    const chain = await startTestChain()
    const snapshots = new DevnetSnapshots({ database: chain.database, participants: [chain.snapshot], l1: null })
    await setBalance(chain, 1n)
    await chain.dev.setBlock({ coinbase: token })
    const root = chain.store.rootAfter(0n)
    const id = await snapshots.take()
    await setBalance(chain, 2n)
    await chain.dev.setBlock({ coinbase: stranger })
    await chain.sealing.mine()
    await setBalance(chain, 3n)
    expect(await snapshots.revert(id)).toBe(true)
    expect([head(chain), chain.store.rootAfter(0n), newest(chain).account(stranger).balance]).toEqual([0n, root, 1n])
    expect(chain.dev.blockSettings().coinbase).toBe(token)
    await chain.sealing.mine()
    expect([newest(chain).account(stranger).balance, kinds(chain, 1n)]).toEqual([1n, ['stateEdited']])
  })

  it('reset to the start, and roll back', async () => {
    const chain = await startTestChain()
    const snapshots = new DevnetSnapshots({ database: chain.database, participants: [chain.snapshot], l1: null })
    await snapshots.markStart()
    await chain.sealing.mine({ blocks: 3 })
    await setBalance(chain, 3n)
    await snapshots.rollbackTo(1n)
    expect([head(chain), newest(chain).account(stranger).balance]).toEqual([1n, 0n])
    for (let again = 0; again < 2; again++) {
      await chain.sealing.mine()
      await setBalance(chain, 4n)
      await snapshots.reset()
      expect([head(chain), newest(chain).account(stranger).balance]).toEqual([0n, 0n])
    }
  })
})

describe('the pool', () => {
  it('gives up a transaction, a sender, or all', async () => {
    const database = memory()
    const chain = await startTestChain({ database, sealing: { automine: false } })
    const hashes: Hex[] = []
    for (const [from, nonce] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [2, 0],
    ] as const)
      hashes.push(await chain.pool.submit(sign({ from: account(from), nonce })))
    expect([await chain.dev.drop(hashes[3] ?? '0x'), await chain.dev.drop(hashes[3] ?? '0x')]).toEqual([true, false])
    await chain.dev.dropAll(account(0).address)
    expect(chain.pool.pending().map(({ hash }) => hash)).toEqual([hashes[2]])
    const again = await startTestChain({ database, sealing: { automine: false } })
    expect(again.pool.pending().map(({ hash }) => hash)).toEqual([hashes[2]])
    await again.dev.dropAll()
    expect(again.pool.pending()).toEqual([])
  })
})

describe('a dump', () => {
  it('holds every account with all of its slots', async () => {
    const chain = await startTestChain()
    await chain.dev.edit(() => [
      {
        address: token,
        code: hexToBytes(tokenCode),
        slots: [
          { key: BigInt(account(0).address), value: 1_000n },
          { key: 2n, value: 4n },
        ],
      },
    ])
    await chain.pool.submit(sign({ from: account(0), nonce: 0, to: token, data: callData(5n, 10n) }))
    await chain.dev.edit(() => [
      {
        address: token,
        slots: [
          { key: 2n, value: 0n },
          { key: 7n, value: 8n },
        ],
      },
    ])
    const dump = await chain.dev.dump()
    const other = await startTestChain({ accounts: [] })
    await other.dev.edit(() => dump)
    expect(await other.dev.dump()).toEqual(dump)
    expect(other.store.rootAfter(0n)).toBe(chain.store.rootAfter(1n))
  })
})
