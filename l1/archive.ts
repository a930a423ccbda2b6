import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { bytesToHex, type Hex, hexToBytes, keccak256Hex } from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import { type LogFilter, logMatches } from './log-filter.ts'
import type { RpcBlock, RpcLog, RpcReceipt } from './rpc-shapes.ts'

/** A block and the receipts of its transactions, as EDR's RPC gave them. */
export interface ArchivedBlock {
  block: RpcBlock
  receipts: readonly RpcReceipt[]
}

export interface ArchivedAccount {
  balance: Hex
  nonce: Hex
  code: Hex
}

/** Accounts and slots whose value differs from the checkpoint before. */
export interface StateChanges {
  accounts: ReadonlyMap<Hex, ArchivedAccount>
  slots: ReadonlyMap<Hex, ReadonlyMap<Hex, Hex>>
}

export const absentAccount: ArchivedAccount = { balance: '0x0', nonce: '0x0', code: '0x' }

/** The L1 up to the last checkpoint: its blocks, receipts and logs, and its state at each checkpoint. */
export class Archive {
  readonly #database: DevnetDatabase

  constructor(database: DevnetDatabase) {
    this.#database = database
  }

  /** Block of the last checkpoint, or undefined before the genesis is stored. */
  checkpointBlock(): number | undefined {
    return this.#pluck<number>('SELECT max(block) FROM l1_checkpoints') ?? undefined
  }

  isCheckpoint(block: number): boolean {
    return this.#pluck('SELECT 1 FROM l1_checkpoints WHERE block = ?', block) !== undefined
  }

  /** Stores a block above the last checkpoint; it counts only when a later checkpoint includes it. */
  addBlock({ block, receipts }: ArchivedBlock): void {
    const number = Number(block.number)
    const { sqlite } = this.#database
    sqlite
      .prepare('INSERT INTO l1_blocks (number, hash, body, receipts) VALUES (?, ?, ?, ?)')
      .run(number, block.hash, pack(block), pack(receipts))
    const addTransaction = sqlite.prepare('INSERT INTO l1_transactions (hash, block, position) VALUES (?, ?, ?)')
    const addLog = sqlite.prepare('INSERT INTO l1_logs (block, log_index, address, body) VALUES (?, ?, ?, ?)')
    block.transactions.forEach(({ hash }, position) => {
      addTransaction.run(hash, number, position)
    })
    for (const log of receipts.flatMap((receipt) => receipt.logs))
      addLog.run(number, Number(log.logIndex), log.address, JSON.stringify(log))
  }

  /** Makes `block` the last checkpoint. Call it in one transaction with the rest of what a checkpoint changes. */
  addCheckpoint(block: number, { accounts, slots }: StateChanges): void {
    const { sqlite } = this.#database
    const addCode = sqlite.prepare('INSERT INTO l1_codes (hash, code) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING')
    const addAccount = sqlite.prepare('INSERT INTO l1_accounts (address, block, balance, nonce, code_hash) VALUES (?, ?, ?, ?, ?)')
    const addSlot = sqlite.prepare('INSERT INTO l1_slots (address, slot, block, value) VALUES (?, ?, ?, ?)')
    for (const [address, { balance, nonce, code }] of accounts) {
      const bytes = hexToBytes(code)
      const codeHash = bytes.length === 0 ? null : keccak256Hex(bytes)
      if (codeHash !== null) addCode.run(codeHash, bytes)
      addAccount.run(address, block, balance, nonce, codeHash)
    }
    for (const [address, values] of slots) {
      for (const [slot, value] of values) addSlot.run(address, slot, block, value)
    }
    sqlite.prepare('INSERT INTO l1_checkpoints (block) VALUES (?)').run(block)
  }

  /** Removes every block and checkpoint above `block`. */
  dropAbove(block: number): void {
    for (const table of ['l1_logs', 'l1_transactions', 'l1_accounts', 'l1_slots', 'l1_checkpoints']) {
      this.#database.sqlite.prepare(`DELETE FROM ${table} WHERE block > ?`).run(block)
    }
    this.#database.sqlite.prepare('DELETE FROM l1_blocks WHERE number > ?').run(block)
  }

  /** Number of the highest stored block, checkpoint or not. */
  highestBlock(): number | undefined {
    return this.#pluck<number>('SELECT max(number) FROM l1_blocks') ?? undefined
  }

  block(number: number): RpcBlock | undefined {
    return unpack<RpcBlock>(this.#pluck<Uint8Array>('SELECT body FROM l1_blocks WHERE number = ?', number))
  }

  blockByHash(hash: string): RpcBlock | undefined {
    return unpack<RpcBlock>(this.#pluck<Uint8Array>('SELECT body FROM l1_blocks WHERE hash = ?', hash))
  }

  receipts(number: number): readonly RpcReceipt[] | undefined {
    return unpack<RpcReceipt[]>(this.#pluck<Uint8Array>('SELECT receipts FROM l1_blocks WHERE number = ?', number))
  }

  /** Where a transaction stands. */
  transactionPosition(hash: string): { block: number; position: number } | undefined {
    return this.#database.sqlite
      .prepare<[string], { block: number; position: number }>('SELECT block, position FROM l1_transactions WHERE hash = ?')
      .get(hash)
  }

  /** Of all blocks after one up to another, in order. */
  transactionHashes({ after, upTo }: { after: number; upTo: number }): Hex[] {
    return this.#database.sqlite
      .prepare<[number, number], Hex>('SELECT hash FROM l1_transactions WHERE block > ? AND block <= ? ORDER BY block, position')
      .pluck()
      .all(after, upTo)
  }

  logs({ fromBlock, toBlock, filter }: { fromBlock: number; toBlock: number; filter: LogFilter }): RpcLog[] {
    const bodies =
      filter.addresses.length === 1
        ? this.#database.sqlite
            .prepare<[string, number, number], string>(
              'SELECT body FROM l1_logs WHERE address = ? AND block BETWEEN ? AND ? ORDER BY block, log_index',
            )
            .pluck()
            .all(filter.addresses[0] ?? '', fromBlock, toBlock)
        : this.#database.sqlite
            .prepare<[number, number], string>('SELECT body FROM l1_logs WHERE block BETWEEN ? AND ? ORDER BY block, log_index')
            .pluck()
            .all(fromBlock, toBlock)
    // Written by `addBlock`.
    return bodies.map((body) => JSON.parse(body) as RpcLog).filter((log) => logMatches(log, filter))
  }

  /** The account at a checkpoint. */
  account(address: string, block: number): ArchivedAccount {
    const row = this.#database.sqlite
      .prepare<[string, number], { balance: Hex; nonce: Hex; code: Uint8Array | null }>(
        `SELECT balance, nonce, code FROM l1_accounts LEFT JOIN l1_codes ON hash = code_hash
         WHERE address = ? AND block <= ? ORDER BY block DESC LIMIT 1`,
      )
      .get(address, block)
    if (row === undefined) return absentAccount
    return { balance: row.balance, nonce: row.nonce, code: row.code === null ? '0x' : bytesToHex(row.code) }
  }

  /** A slot at a checkpoint, as a quantity. */
  slot(address: string, slot: string, block: number): Hex {
    return (
      this.#pluck<Hex>(
        'SELECT value FROM l1_slots WHERE address = ? AND slot = ? AND block <= ? ORDER BY block DESC LIMIT 1',
        address,
        slot,
        block,
      ) ?? '0x0'
    )
  }

  #pluck<T>(sql: string, ...params: (string | number)[]): T | undefined {
    return this.#database.sqlite
      .prepare<(string | number)[], T>(sql)
      .pluck()
      .get(...params)
  }
}

// Level 1: calldata hardly compresses, but its hex digits halve.
function pack(value: unknown): Uint8Array {
  return deflateRawSync(JSON.stringify(value), { level: 1 })
}

function unpack<T>(bytes: Uint8Array | undefined): T | undefined {
  // Only `pack` writes these columns.
  return bytes === undefined ? undefined : (JSON.parse(inflateRawSync(bytes).toString('utf8')) as T)
}
