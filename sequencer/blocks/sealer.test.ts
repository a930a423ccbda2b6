import { afterEach, describe, expect, it, vi } from 'vitest'
import { type FaultStage, type Hex, rules } from '../../core/index.ts'
import { type DevnetDatabase, openMemoryDatabase } from '../../database/index.ts'
import { decodeTouched, WorldState } from '../../stf/index.ts'
import { callData, countCode } from '../../stf/testing/contracts.ts'
import { chainMigrations } from '../storage/migrations.ts'
import { account, ether, FakeClock, FakeFeed, gwei, sign, startTestChain, type TestChain } from '../testing/test-chain.ts'

const manual = { automine: false }
const head = (chain: TestChain): bigint => chain.store.head().header.number
const balance = (chain: TestChain, address: Hex): bigint => chain.store.stateAt(head(chain)).account(address).balance

describe('automine', () => {
  it('seals a block per transaction before submit resolves', async () => {
    const chain = await startTestChain()
    const hash = await chain.pool.submit(sign({ from: account(0), nonce: 0, to: account(1).address, value: ether }))
    expect(head(chain)).toBe(1n)
    expect(chain.store.transaction(hash)).toMatchObject({ blockNumber: 1n, index: 0, sender: account(0).address })
    expect(chain.store.receipt(hash)).toMatchObject({ succeeded: true, gasUsed: 21_000n })
    expect(balance(chain, account(1).address)).toBe(1001n * ether)
    expect(chain.pool.find(hash)).toBeUndefined()
  })

  it('gives transactions that come at once a block each, in order of arrival', async () => {
    const chain = await startTestChain()
    const raws = Array.from({ length: 10 }, (_, nonce) => sign({ from: account(0), nonce }))
    const hashes = await Promise.all(raws.map((raw) => chain.pool.submit(raw)))
    expect(chain.blocks.map(({ block }) => block.transactions.map(({ hash }) => hash))).toEqual(hashes.map((hash) => [hash]))
  })

  it('lets a transaction wait behind a gap and seals it with the one that fills the gap', async () => {
    const chain = await startTestChain()
    const second = await chain.pool.submit(sign({ from: account(0), nonce: 1 }))
    expect([head(chain), chain.pool.queued().map(({ hash }) => hash)]).toEqual([0n, [second]])
    expect(chain.pool.nextNonce(account(0).address)).toBe(0n)
    const first = await chain.pool.submit(sign({ from: account(0), nonce: 0 }))
    expect(chain.store.head().transactions.map(({ hash }) => hash)).toEqual([first, second])
    expect(chain.pool.nextNonce(account(0).address)).toBe(2n)
  })

  it('seals what was pooled before it was switched on', async () => {
    const chain = await startTestChain({ sealing: manual })
    const hash = await chain.pool.submit(sign({ from: account(0), nonce: 0 }))
    await chain.sealing.setAutomine(true)
    expect(chain.store.transaction(hash)?.blockNumber).toBe(1n)
  })

  it('refuses what the next block cannot take', async () => {
    const chain = await startTestChain()
    const cheap = chain.pool.submit(sign({ from: account(0), nonce: 0, maxFeePerGas: gwei / 2n, maxPriorityFeePerGas: 0n }))
    await expect(cheap).rejects.toThrow(/^max fee per gas less than block base fee/)
    expect([head(chain), chain.pool.pending()]).toEqual([0n, []])
  })
})

describe('admission', () => {
  const contractSender = account(6)
  const delegated = account(7)
  const start = (): Promise<TestChain> =>
    startTestChain({
      sealing: manual,
      accounts: [0, 6, 7].map((index) => ({ address: account(index).address, balance: ether })),
      predeploys: [
        { address: contractSender.address, code: '0x00' },
        { address: delegated.address, code: `0xef0100${'11'.repeat(20)}` },
      ],
    })

  it('speaks like geth', async () => {
    const chain = await start()
    const sent = sign({ from: account(0), nonce: 0 })
    await chain.pool.submit(sent)
    await expect(chain.pool.submit(sent)).rejects.toThrow(/^already known$/)
    await expect(chain.pool.submit(sign({ from: account(0), nonce: 0, maxFeePerGas: 10n * gwei + 1n }))).rejects.toThrow(
      /^replacement transaction underpriced$/,
    )
    await chain.sealing.mine()
    await expect(chain.pool.submit(sent)).rejects.toThrow(/^nonce too low: next nonce 1, tx nonce 0$/)
    await expect(chain.pool.submit(sign({ from: account(0), nonce: 1, value: ether }))).rejects.toThrow(
      /^insufficient funds for gas \* price \+ value: balance/,
    )
    await expect(chain.pool.submit(sign({ from: account(1), nonce: 0 }))).rejects.toThrow(/^insufficient funds/)
    await expect(chain.pool.submit(sign({ from: contractSender, nonce: 1 }))).rejects.toThrow(/^sender not an eoa/)
  })

  it('counts what the sender has pooled already', async () => {
    const chain = await start()
    await chain.pool.submit(sign({ from: account(0), nonce: 0, value: ether / 2n }))
    await expect(chain.pool.submit(sign({ from: account(0), nonce: 1, value: ether / 2n }))).rejects.toThrow(/queued cost/)
    const replacement = { maxFeePerGas: 20n * gwei, maxPriorityFeePerGas: 2n * gwei, value: ether / 2n }
    await expect(chain.pool.submit(sign({ from: account(0), nonce: 0, ...replacement }))).resolves.toBeDefined()
  })

  it('lets a delegated account send (EIP-7702)', async () => {
    const chain = await start()
    await expect(chain.pool.submit(sign({ from: delegated, nonce: 1 }))).resolves.toBeDefined()
  })
})

describe('mine', () => {
  it('takes everything that fits, by tip, and seals empty blocks', async () => {
    const chain = await startTestChain({ sealing: manual })
    const low = await chain.pool.submit(sign({ from: account(0), nonce: 0, maxPriorityFeePerGas: 1n }))
    const high = await chain.pool.submit(sign({ from: account(1), nonce: 0, maxPriorityFeePerGas: 2n }))
    expect(chain.pool.pending().map(({ hash }) => hash)).toEqual([high, low])
    expect(await chain.sealing.mine({ blocks: 3 })).toBe(3n)
    expect(chain.blocks.map(({ block }) => block.transactions.map(({ hash }) => hash))).toEqual([[high, low], [], []])
  })

  it('cuts a block at its gas limit and goes on in the next', async () => {
    const chain = await startTestChain({ sealing: manual })
    for (let nonce = 0; nonce < 4; nonce++) await chain.pool.submit(sign({ from: account(nonce), nonce: 0, gasLimit: 16_000_000n }))
    await chain.sealing.mine({ blocks: 2 })
    // A limit counts only until the transaction is executed, so all four may follow each other.
    expect(chain.blocks.map(({ block }) => block.transactions.length)).toEqual([4, 0])
    const burner: Hex = '0x00000000000000000000000000000000000c0de2'
    const burning = await startTestChain({ sealing: manual, predeploys: [{ address: burner, code: '0xfe' }] })
    for (let i = 0; i < 4; i++) await burning.pool.submit(sign({ from: account(i), nonce: 0, to: burner, gasLimit: 12_000_000n }))
    await burning.sealing.mine({ blocks: 2 })
    expect(burning.blocks.map(({ block }) => block.transactions.length)).toEqual([2, 2])
    expect(burning.blocks.every(({ block }) => block.header.gasUsed <= rules.blockGasLimit)).toBe(true)
  })

  it('drops what has become unaffordable and seals the rest', async () => {
    const drained = account(7)
    const chain = await startTestChain({
      sealing: manual,
      predeploys: [
        // Sends its whole balance away.
        { address: `0x${'dd'.repeat(20)}`, code: '0x5f5f5f5f4760aa5af100' },
        { address: drained.address, code: `0xef0100${'dd'.repeat(20)}` },
      ],
    })
    const lost = await chain.pool.submit(sign({ from: drained, nonce: 1, maxPriorityFeePerGas: 1n }))
    const later = await chain.pool.submit(sign({ from: drained, nonce: 2, maxPriorityFeePerGas: 1n }))
    const draining = await chain.pool.submit(sign({ from: account(0), nonce: 0, to: drained.address }))
    await chain.sealing.mine()
    expect(chain.store.head().transactions.map(({ hash }) => hash)).toEqual([draining])
    expect([chain.pool.find(lost), chain.pool.queued().map(({ hash }) => hash)]).toEqual([undefined, [later]])
  })

  it('forgets pooled transactions whose nonce another one used up (EIP-7702)', async () => {
    const creator = account(7)
    const chain = await startTestChain({
      sealing: manual,
      predeploys: [
        // CREATE of nothing, which counts the account's nonce up.
        { address: `0x${'dd'.repeat(20)}`, code: '0x5f5f5ff000' },
        { address: creator.address, code: `0xef0100${'dd'.repeat(20)}` },
      ],
    })
    // It cannot pay the base fee, so the block does not try it.
    const stale = await chain.pool.submit(sign({ from: creator, nonce: 1, maxFeePerGas: gwei / 10n, maxPriorityFeePerGas: 1n }))
    await chain.pool.submit(sign({ from: account(0), nonce: 0, to: creator.address }))
    await chain.sealing.mine()
    expect(chain.store.stateAt(1n).account(creator.address).nonce).toBe(2n)
    expect(chain.pool.find(stale)).toBeUndefined()
    expect(chain.database.sqlite.prepare('SELECT count(*) FROM chain_pool').pluck().get()).toBe(0)
  })
})

describe('state diff bound', () => {
  const writer: Hex = '0x00000000000000000000000000000000000c0de4'
  // for (i = calldata[0]; i != calldata[32]; i--) sstore(~i, calldata[64])
  const code: Hex = '0x5f355b8060203514601857604035811955600190036002565b00'
  const write = (sender: number, nonce: number, ...[from, to, value]: [bigint, bigint, bigint]): Uint8Array =>
    sign({ from: account(sender), nonce, to: writer, data: callData(from, to, value), gasLimit: 16_700_000n })

  /** A chain whose contract has 2,100 slots that can be overwritten cheaply. */
  async function filled(): Promise<TestChain> {
    const chain = await startTestChain({ predeploys: [{ address: writer, code }] })
    for (const nonce of [0, 1, 2]) await chain.pool.submit(write(0, nonce, BigInt(nonce + 1) * 700n, BigInt(nonce) * 700n, 1n))
    expect(chain.store.stateAt(3n).storage(writer, 2n ** 256n - 1n - 2100n)).toBe(1n)
    return chain
  }

  it('drops a transaction that no block can take, with an error, and goes on', async () => {
    const chain = await filled()
    await expect(chain.pool.submit(write(0, 3, 2100n, 0n, 2n))).rejects.toMatchObject({ code: 'STATE_DIFF_TOO_LARGE' })
    expect(chain.pool.pending()).toEqual([])
    const next = await chain.pool.submit(sign({ from: account(0), nonce: 3 }))
    expect(chain.store.receipt(next)?.succeeded).toBe(true)
  })

  it('cuts a block before its diff passes the bound', async () => {
    const chain = await filled()
    await chain.sealing.setAutomine(false)
    const hashes = [await chain.pool.submit(write(1, 0, 1000n, 0n, 3n)), await chain.pool.submit(write(2, 0, 2000n, 1000n, 3n))]
    const before = head(chain)
    await chain.sealing.mine({ blocks: 2 })
    expect(hashes.map((hash) => chain.store.transaction(hash)?.blockNumber)).toEqual([before + 1n, before + 2n])
    for (const { diffBytes } of chain.store.records(0n, head(chain))) expect(diffBytes).toBeLessThanOrEqual(rules.maxStateDiffBytes)
  })
})

describe('witness bound', () => {
  /** Lets what is read count for more than it takes. */
  function inflate(factor: number): void {
    const honest = Object.getOwnPropertyDescriptor(WorldState.prototype, 'witnessBytes')
    vi.spyOn(WorldState.prototype, 'witnessBytes', 'get').mockImplementation(function (this: WorldState): number {
      return factor * Number(honest?.get?.call(this))
    })
  }

  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('drops a transaction that no block can take, with an error, and goes on', async () => {
    const chain = await startTestChain()
    inflate(1e6)
    await expect(chain.pool.submit(sign({ from: account(0), nonce: 0 }))).rejects.toMatchObject({ code: 'WITNESS_TOO_LARGE' })
    vi.restoreAllMocks()
    const next = await chain.pool.submit(sign({ from: account(0), nonce: 0 }))
    expect(chain.store.receipt(next)?.succeeded).toBe(true)
  })

  it('cuts a block before its witness passes the bound, and nothing of what is left for the next one counts', async () => {
    const chain = await startTestChain({ sealing: manual })
    for (const index of [0, 1, 2]) await chain.pool.submit(sign({ from: account(index), nonce: 0, to: account(index + 3).address }))
    const hashes = [...chain.pool.pending()].map(({ hash }) => hash)
    // Two accounts each, beside the system contracts with their slots and the coinbase.
    inflate(rules.maxInputBytes / 80_000)
    await chain.sealing.mine({ blocks: 3 })
    const blocks = hashes.map((hash) => chain.store.transaction(hash)?.blockNumber)
    expect(new Set(blocks).size).toBeGreaterThan(1)
    for (const { block, touched, inputBytes } of chain.store.records(1n, head(chain))) {
      expect(decodeTouched(touched).length).toBe(3 + 2 * block.transactions.length)
      expect(inputBytes).toBeLessThan(100_000)
    }
  })
})

describe('timestamps', () => {
  it('follow the clock and always ascend', async () => {
    const clock = new FakeClock(1_800_000_000)
    const chain = await startTestChain({ clock })
    await chain.sealing.mine({ blocks: 2 })
    clock.ms += 10_000
    await chain.sealing.mine()
    expect(chain.blocks.map(({ block }) => block.header.timestamp - 1_800_000_000n)).toEqual([0n, 1n, 10n])
  })

  it('can be shifted, chosen for one block, and spaced; the clock goes on from there', async () => {
    const clock = new FakeClock(1_800_000_000)
    const chain = await startTestChain({ clock })
    const mined = async (options = {}) => {
      await chain.sealing.mine(options)
      return chain.store.head().header.timestamp - 1_800_000_000n
    }
    expect(await chain.sealing.increaseTime(100n)).toBe(100n)
    expect(chain.sealing.nextBlock().timestamp).toBe(1_800_000_100n)
    expect(await mined()).toBe(100n)
    await chain.sealing.setNextBlockTimestamp(1_800_001_000n)
    expect(await mined()).toBe(1000n)
    clock.ms += 5_000
    expect(await mined()).toBe(1005n)
    expect(await mined({ blocks: 3, intervalSeconds: 60n })).toBe(1126n)
    expect(await mined({ timestamp: 1_800_005_000n })).toBe(5000n)
    await chain.sealing.setTime(1_800_009_000n)
    clock.ms += 1_000
    expect(await mined()).toBe(9001n)
    await expect(chain.sealing.setNextBlockTimestamp(1_800_009_001n)).rejects.toMatchObject({ code: 'TIMESTAMP_TOO_OLD' })
    await expect(chain.sealing.increaseTime(-1n)).rejects.toMatchObject({ code: 'CLOCK_BACKWARDS' })
  })

  it('are shifted from the head where many blocks have carried it ahead of the clock', async () => {
    const chain = await startTestChain()
    await chain.sealing.mine({ blocks: 50 })
    const { timestamp } = chain.store.head().header
    expect(timestamp).toBe(1_800_000_049n)
    expect(await chain.sealing.increaseTime(3_600n)).toBe(3_649n)
    await chain.sealing.mine()
    expect(chain.store.head().header.timestamp).toBe(timestamp + 3_600n)
  })

  it('keep their offset over a restart', async () => {
    const database = openMemoryDatabase({ migrations: [chainMigrations] })
    const first = await startTestChain({ database })
    await first.sealing.increaseTime(86_400n)
    await first.sealing.mine({ timestamp: 1_800_100_000n })
    await first.stop()
    const second = await startTestChain({ database })
    await second.sealing.mine()
    expect(second.store.head().header.timestamp).toBe(1_800_100_001n)
    expect(await second.sealing.increaseTime(0n)).toBe(100_001n)
  })
})

describe('interval', () => {
  it('seals a block per interval, empty or not, until it is switched off', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const chain = await startTestChain({ sealing: { automine: false, intervalMs: 1000 } })
      const hash = await chain.pool.submit(sign({ from: account(0), nonce: 0 }))
      expect(head(chain)).toBe(0n)
      await vi.advanceTimersByTimeAsync(1000)
      await vi.waitFor(() => expect(head(chain)).toBe(1n))
      expect(chain.store.transaction(hash)?.blockNumber).toBe(1n)
      await vi.advanceTimersByTimeAsync(1000)
      await vi.waitFor(() => expect(head(chain)).toBe(2n))
      await chain.sealing.setIntervalMs(0)
      await vi.advanceTimersByTimeAsync(5000)
      expect(head(chain)).toBe(2n)
      await expect(chain.sealing.setIntervalMs(-1)).rejects.toMatchObject({ code: 'INVALID_INTERVAL' })
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('deposits', () => {
  it('are sealed when they arrive, sixteen to a block, with the root after each', async () => {
    const chain = await startTestChain()
    for (let i = 0; i < 20; i++) chain.feed.push(account(9 % 8).address, 5n)
    await chain.depositsArrived()
    expect(chain.blocks.map(({ block }) => block.withdrawals.length)).toEqual([16, 4])
    expect(chain.blocks.map(({ block }) => block.header.parentBeaconBlockRoot)).toEqual([chain.feed.rootAt(16n), chain.feed.rootAt(20n)])
    expect(balance(chain, account(1).address)).toBe(1000n * ether + 100n * gwei)
    expect(chain.store.inboxCount()).toBe(20n)
    expect(chain.store.record(1n)).toMatchObject({ inboxCountAfter: 16n })
  })

  it('wait for the next block without automine, and repeat the root in blocks that take none', async () => {
    const chain = await startTestChain({ sealing: manual })
    chain.feed.push(account(0).address, 1n)
    await chain.depositsArrived()
    expect(head(chain)).toBe(0n)
    await chain.sealing.mine({ blocks: 2 })
    expect(chain.blocks.map(({ block }) => block.withdrawals.length)).toEqual([1, 0])
    expect(new Set(chain.blocks.map(({ block }) => block.header.parentBeaconBlockRoot))).toEqual(new Set([chain.feed.rootAt(1n)]))
  })

  it('are taken once, also over a restart', async () => {
    const database = openMemoryDatabase({ migrations: [chainMigrations] })
    const feed = new FakeFeed()
    feed.push(account(0).address, 1n)
    const first = await startTestChain({ database, feed })
    await first.stop()
    feed.push(account(0).address, 2n)
    const second = await startTestChain({ database, feed })
    expect(balance(second, account(0).address)).toBe(1000n * ether + 3n * gwei)
    expect(head(second)).toBe(2n)
  })
})

describe('a reorganisation of the L1', () => {
  it('that takes a deposit back while a block with it is executed leaves no such block', async () => {
    class FickleFeed extends FakeFeed {
      override next(...range: Parameters<FakeFeed['next']>) {
        const slice = super.next(...range)
        this.deposits.length = 0
        return slice
      }

      override rootAt(count: bigint): Hex {
        if (count > BigInt(this.deposits.length)) throw new RangeError(`the Inbox has no ${count} items`)
        return super.rootAt(count)
      }
    }
    const feed = new FickleFeed()
    const chain = await startTestChain({ feed, sealing: manual })
    feed.push(account(1).address, 5n)
    const hash = await chain.pool.submit(sign({ from: account(0), nonce: 0 }))
    await chain.sealing.mine()
    expect(balance(chain, account(1).address)).toBe(1000n * ether)
    expect(chain.blocks.map(({ block }) => [block.header.parentBeaconBlockRoot, block.withdrawals.length])).toEqual([[feed.rootAt(0n), 0]])
    expect(chain.store.receipt(hash)).toMatchObject({ succeeded: true, blockNumber: 1n })
    expect(chain.store.inboxCount()).toBe(0n)
  })
})

describe('crashes', () => {
  class Killed extends Error {}

  const dyingAt = (stage: FaultStage, options: Parameters<typeof startTestChain>[0]) =>
    startTestChain({
      ...options,
      faults(reached) {
        if (reached === stage) throw new Killed()
      },
    })
  const pooled = (database: DevnetDatabase) => database.sqlite.prepare('SELECT count(*) FROM chain_pool').pluck().get()

  it('after the sealing, before the answer, lose nothing and do nothing twice', async () => {
    const database = openMemoryDatabase({ migrations: [chainMigrations] })
    const dying = await dyingAt('sealed', { database })
    const raw = sign({ from: account(0), nonce: 0, to: account(1).address, value: ether })
    await expect(dying.pool.submit(raw)).rejects.toBeInstanceOf(Killed)
    const chain = await startTestChain({ database })
    expect([head(chain), balance(chain, account(1).address)]).toEqual([1n, 1001n * ether])
    await expect(chain.pool.submit(raw)).rejects.toThrow(/nonce too low/)
  })

  it('before the sealing, of a transaction that nobody was told of, leave what can be sent again', async () => {
    const database = openMemoryDatabase({ migrations: [chainMigrations] })
    const raw = sign({ from: account(0), nonce: 0, to: account(1).address, value: ether })
    // What a kill would find.
    const onDisk: unknown[] = []
    const first = await startTestChain({ database, faults: (reached) => void (reached === 'mempool' && onDisk.push(pooled(database))) })
    const hash = await first.pool.submit(raw)
    expect(onDisk).toEqual([0])
    const chain = await startTestChain()
    expect(await chain.pool.submit(raw)).toBe(hash)
    expect([head(chain), balance(chain, account(1).address)]).toEqual([1n, 1001n * ether])
  })

  it('of a node that seals later lose nothing that it accepted', async () => {
    const database = openMemoryDatabase({ migrations: [chainMigrations] })
    const dying = await dyingAt('mempool', { database, sealing: manual })
    await expect(dying.pool.submit(sign({ from: account(0), nonce: 0, to: account(1).address, value: ether }))).rejects.toBeInstanceOf(
      Killed,
    )
    const chain = await startTestChain({ database })
    expect([head(chain), balance(chain, account(1).address)]).toEqual([1n, 1001n * ether])
  })

  it('lose no transaction that had to wait with automine', async () => {
    const database = openMemoryDatabase({ migrations: [chainMigrations] })
    const first = await startTestChain({ database })
    const gapped = await first.pool.submit(sign({ from: account(0), nonce: 1 }))
    expect(pooled(database)).toBe(1)
    const second = await startTestChain({ database })
    expect(second.pool.queued().map(({ hash }) => hash)).toEqual([gapped])
    await second.pool.submit(sign({ from: account(0), nonce: 0 }))
    expect(second.store.receipt(gapped)).toMatchObject({ succeeded: true })
    expect(pooled(database)).toBe(0)
  })

  it('of the disk while a transaction is accepted leave none, and nothing in its way', async () => {
    const chain = await startTestChain()
    const raw = sign({ from: account(0), nonce: 0, to: account(1).address, value: ether })
    chain.database.sqlite.pragma('query_only = ON')
    await expect(chain.pool.submit(raw)).rejects.toMatchObject({ code: 'DATA_DIRECTORY' })
    expect([head(chain), chain.pool.pending()]).toEqual([0n, []])
    chain.database.sqlite.pragma('query_only = OFF')
    await chain.pool.submit(raw)
    expect([head(chain), balance(chain, account(1).address)]).toEqual([1n, 1001n * ether])
  })

  it('leave pooled transactions pooled, and drop those that another node would refuse', async () => {
    const database = openMemoryDatabase({ migrations: [chainMigrations] })
    const first = await startTestChain({ database, sealing: manual })
    const kept = await first.pool.submit(sign({ from: account(0), nonce: 0 }))
    const gapped = await first.pool.submit(sign({ from: account(1), nonce: 4 }))
    database.sqlite.prepare('INSERT INTO chain_pool VALUES (99, ?)').run(Buffer.from('02c0', 'hex'))
    const second = await startTestChain({ database, sealing: manual })
    expect(second.pool.pending().map(({ hash }) => hash)).toEqual([kept])
    expect(second.pool.queued().map(({ hash }) => hash)).toEqual([gapped])
    expect(database.sqlite.prepare('SELECT count(*) FROM chain_pool').pluck().get()).toBe(2)
  })

  it('of the disk leave chain and pool as they were', async () => {
    const chain = await startTestChain({ sealing: manual, predeploys: [{ address: `0x${'cc'.repeat(20)}`, code: countCode }] })
    const hash = await chain.pool.submit(sign({ from: account(0), nonce: 0, to: `0x${'cc'.repeat(20)}`, data: callData(1n, 0n) }))
    chain.database.sqlite.pragma('query_only = ON')
    await expect(chain.sealing.mine({ timestamp: 1_900_000_000n })).rejects.toMatchObject({ code: 'DATA_DIRECTORY' })
    expect([head(chain), chain.pool.find(hash)?.nonce]).toEqual([0n, 0n])
    chain.database.sqlite.pragma('query_only = OFF')
    await chain.sealing.mine()
    expect(chain.store.receipt(hash)).toMatchObject({ succeeded: true, blockNumber: 1n })
  })
})

it('seals nothing before start and after stop', async () => {
  const chain = await startTestChain()
  await chain.stop()
  await expect(chain.sealing.mine()).rejects.toMatchObject({ code: 'SEALER_STOPPED' })
  await expect(chain.pool.submit(sign({ from: account(0), nonce: 0 }))).rejects.toMatchObject({ code: 'SEALER_STOPPED' })
})
