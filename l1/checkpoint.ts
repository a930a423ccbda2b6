import type { Hex } from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import { type Archive, type ArchivedAccount, type ArchivedBlock, absentAccount, type StateChanges } from './archive.ts'
import { toQuantity } from './archive-server.ts'
import type { Engine } from './engine.ts'
import { readAccount } from './genesis.ts'
import type { Journal } from './journal.ts'
import type { RpcBlock, RpcReceipt } from './rpc-shapes.ts'

interface CheckpointDeps {
  database: DevnetDatabase
  archive: Archive
  journal: Journal
  engine: Engine
}

// As many requests as are put to EDR at once; more do not help.
const chunkSize = 100
// A block may hold 100 kB of calldata: packing more of them at a time would hold up the writer.
const blocksAtOnce = 16

/**
 * Moves what the engine holds since its checkpoint into the archive. Used once per engine.
 *
 * `prepare` may run while the chain goes on; `store` needs a chain that stands still.
 */
export class CheckpointWriter {
  readonly #deps: CheckpointDeps
  readonly #base: number
  readonly #creationsSeen = new Set<Hex>()
  readonly #creationSlotsFound = new Map<Hex, Set<Hex>>()
  #tracedTo: number

  constructor(deps: CheckpointDeps) {
    this.#deps = deps
    this.#base = deps.archive.checkpointBlock() ?? 0
    this.#tracedTo = this.#base
  }

  /** Copies the blocks so far and looks into contract creations. If the chain goes back afterwards, the caller must not `store`. */
  async prepare(signal: AbortSignal): Promise<void> {
    // An attempt that was given up may have left blocks that were reverted since.
    this.#deps.archive.dropAbove(this.#base)
    const head = await this.#head()
    await this.#copyBlocks(head, signal)
    await this.#creationSlots(await this.#readAccounts(), head, signal)
  }

  /** Stores the checkpoint at the present head: all of it in one transaction, or nothing. Returns its block. */
  async store(signal: AbortSignal): Promise<number> {
    const { database, archive, journal } = this.#deps
    const head = await this.#head()
    await this.#copyBlocks(head, signal)
    const accounts = await this.#readAccounts()
    const slots = await this.#readSlots(await this.#creationSlots(accounts, head, signal))
    database.transaction(() => {
      archive.addCheckpoint(head, { accounts: this.#changed(accounts), slots })
      journal.foldIntoCheckpoint()
    })
    return head
  }

  async #head(): Promise<number> {
    return Number(await this.#deps.engine.request('eth_blockNumber'))
  }

  async #copyBlocks(head: number, signal: AbortSignal): Promise<void> {
    const { database, archive, engine } = this.#deps
    for (let from = (archive.highestBlock() ?? this.#base) + 1; from <= head; from += blocksAtOnce) {
      signal.throwIfAborted()
      const numbers = range(from, Math.min(head, from + blocksAtOnce - 1))
      const blocks = await Promise.all(numbers.map((number) => readBlock(engine, number)))
      signal.throwIfAborted()
      database.transaction(() => {
        for (const block of blocks) archive.addBlock(block)
      })
    }
  }

  async #readAccounts(): Promise<Map<Hex, ArchivedAccount>> {
    const { engine, journal } = this.#deps
    const addresses = new Set<Hex>(engine.touched.accounts)
    for (const address of engine.touched.slots.keys()) addresses.add(address)
    for (const method of ['hardhat_setBalance', 'hardhat_setNonce', 'hardhat_setCode', 'hardhat_setStorageAt']) {
      for (const [address] of journal.paramsOf(method)) addresses.add(String(address).toLowerCase() as Hex)
    }
    return new Map(await mapInChunks([...addresses], async (address) => [address, await readAccount(engine, address)] as const))
  }

  #changed(accounts: ReadonlyMap<Hex, ArchivedAccount>): Map<Hex, ArchivedAccount> {
    return new Map([...accounts].filter(([address, account]) => !isSameAccount(account, this.#deps.archive.account(address, this.#base))))
  }

  async #readSlots(created: ReadonlyMap<Hex, ReadonlySet<Hex>>): Promise<StateChanges['slots']> {
    const { archive, engine, journal } = this.#deps
    const keys = new Map<string, readonly [Hex, Hex]>()
    const add = (address: Hex, slot: Hex) => keys.set(`${address}${slot}`, [address, slot])
    for (const source of [engine.touched.slots, created]) {
      for (const [address, slots] of source) for (const slot of slots) add(address, slot)
    }
    for (const [address, slot] of journal.paramsOf('hardhat_setStorageAt')) add(String(address).toLowerCase() as Hex, toQuantity(slot))
    const values = await mapInChunks([...keys.values()], async ([address, slot]) => {
      return [address, slot, toQuantity(await engine.request('eth_getStorageAt', [address, slot, 'latest']))] as const
    })
    const changed = new Map<Hex, Map<Hex, Hex>>()
    for (const [address, slot, value] of values) {
      if (value === archive.slot(address, slot, this.#base)) continue
      changed.set(address, (changed.get(address) ?? new Map<Hex, Hex>()).set(slot, value))
    }
    return changed
  }

  /**
   * Slots that constructors used. The EVM knows that a new contract's storage is empty, so EDR never asked for them, nor did it
   * later, when another transaction changed one: it knows their value. It does so too after a creation that failed, if that
   * transaction went on to call the address. So all transactions up to the last creation are traced.
   */
  async #creationSlots(
    accounts: ReadonlyMap<Hex, ArchivedAccount>,
    head: number,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<Hex, ReadonlySet<Hex>>> {
    let last = this.#tracedTo
    for (const [address, { code }] of accounts) {
      const isDelegation = code.startsWith('0xef0100')
      if (code === absentAccount.code || isDelegation || this.#creationsSeen.has(address)) continue
      if (this.#deps.archive.account(address, this.#base).code !== absentAccount.code) continue
      last = Math.max(last, await this.#creationBlock(address, head))
      this.#creationsSeen.add(address)
    }
    for (const hash of this.#deps.archive.transactionHashes({ after: this.#tracedTo, upTo: last })) {
      signal.throwIfAborted()
      await this.#traceSlots(hash)
    }
    this.#tracedTo = last
    return this.#creationSlotsFound
  }

  async #creationBlock(address: Hex, head: number): Promise<number> {
    let without = this.#base
    let withCode = head
    while (withCode - without > 1) {
      const middle = Math.floor((without + withCode) / 2)
      const code = await this.#deps.engine.request('eth_getCode', [address, toQuantity(middle)])
      if (code === absentAccount.code) without = middle
      else withCode = middle
    }
    return withCode
  }

  async #traceSlots(hash: Hex): Promise<void> {
    // Not in diff mode: that would leave out the slots that were only read, or written with the zero that they held.
    // The tracer's documented result.
    const prestate = (await this.#deps.engine.request('debug_traceTransaction', [hash, { tracer: 'prestateTracer' }])) as Record<
      Hex,
      { storage?: Record<Hex, Hex> }
    >
    for (const [address, { storage = {} }] of Object.entries(prestate)) {
      const key = address.toLowerCase() as Hex
      const found = this.#creationSlotsFound.get(key) ?? new Set()
      for (const slot of Object.keys(storage)) found.add(toQuantity(slot))
      this.#creationSlotsFound.set(key, found)
    }
  }
}

async function readBlock(engine: Engine, number: number): Promise<ArchivedBlock> {
  // Shapes by the definition of these methods.
  const block = (await engine.request('eth_getBlockByNumber', [toQuantity(number), true])) as RpcBlock
  const receipts = await Promise.all(block.transactions.map(({ hash }) => engine.request('eth_getTransactionReceipt', [hash])))
  return { block, receipts: receipts as RpcReceipt[] }
}

async function mapInChunks<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let from = 0; from < items.length; from += chunkSize) {
    results.push(...(await Promise.all(items.slice(from, from + chunkSize).map(map))))
  }
  return results
}

function isSameAccount(a: ArchivedAccount, b: ArchivedAccount): boolean {
  return a.balance === b.balance && a.nonce === b.nonce && a.code === b.code
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
