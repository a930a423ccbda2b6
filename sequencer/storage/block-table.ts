import { bytesToHex, type Hex, hexToBytes, type Receipt, type SealedBlock, type SealedTransaction } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import { decodeBlock, encodeBlock, encodeHeader } from '../../stf/index.ts'
import type { BlockRecord } from './chain-store.ts'
import { transactionAt, transactionPlace } from './place.ts'
import { plainBytes } from './plain-bytes.ts'
import { decodeReceipt, encodeReceipt, type ReceiptFields } from './receipt-codec.ts'
import type { BlockRows } from './table-writer.ts'

interface BlockRow {
  hash: Uint8Array
  /** RLP of the block without its transactions. */
  skeleton: Uint8Array
  size: number
}

interface RecordRow extends BlockRow {
  changes: Uint8Array
  touched: Uint8Array
  diff_bytes: number
  inbox_count: number
  input_bytes: number
}

interface TransactionRow {
  place: number
  hash: Uint8Array
  sender: Uint8Array
  raw: Uint8Array
}

interface ReceiptRow {
  place: number
  hash: Uint8Array
  sender: Uint8Array
  receipt: Uint8Array
}

/** A receipt without its logs. */
export interface ReceiptHead extends ReceiptFields {
  readonly transactionHash: Hex
  readonly transactionIndex: number
  readonly from: Hex
}

export function blockTableRows(
  record: Omit<BlockRecord, 'header' | 'rlp'>,
  receipts: readonly Receipt[],
): Pick<BlockRows, 'block' | 'transactions'> {
  const { block } = record
  const { number } = block.header
  return {
    block: [
      Number(number),
      hexToBytes(block.hash),
      encodeBlock({ header: block.header, transactions: [], withdrawals: block.withdrawals }),
      block.size,
      record.changes,
      record.touched,
      record.diffBytes,
      Number(record.inboxCountAfter),
      record.inputBytes,
    ],
    transactions: block.transactions.map(({ hash, sender, raw, index }) => {
      const receipt = receipts[index]
      if (receipt === undefined) throw new TypeError(`block ${number} has no receipt ${index}`)
      return [transactionPlace(number, index), hexToBytes(hash), hexToBytes(sender), raw, encodeReceipt(receipt)]
    }),
  }
}

/** Headers, transactions and receipts (without logs). */
export class BlockTable {
  readonly #sqlite: DevnetDatabase['sqlite']
  readonly #block
  readonly #record
  readonly #diffBytes
  readonly #inputBytes
  readonly #changes
  readonly #numberOfHash
  readonly #placeOfHash
  readonly #transactions
  readonly #transactionCount
  readonly #receipts
  readonly #headNumber

  constructor({ sqlite }: DevnetDatabase) {
    this.#sqlite = sqlite
    this.#block = sqlite.prepare<[number], BlockRow>('SELECT hash, skeleton, size FROM chain_blocks WHERE number = ?')
    this.#record = sqlite.prepare<[number], RecordRow>('SELECT * FROM chain_blocks WHERE number = ?')
    this.#diffBytes = sqlite.prepare<[number], number>('SELECT diff_bytes FROM chain_blocks WHERE number = ?').pluck()
    this.#inputBytes = sqlite.prepare<[number], number>('SELECT input_bytes FROM chain_blocks WHERE number = ?').pluck()
    this.#changes = sqlite.prepare<[number], Uint8Array>('SELECT changes FROM chain_blocks WHERE number = ?').pluck()
    this.#numberOfHash = sqlite.prepare<[Uint8Array], number>('SELECT number FROM chain_blocks WHERE hash = ?').pluck()
    this.#placeOfHash = sqlite.prepare<[Uint8Array], number>('SELECT place FROM chain_transactions WHERE hash = ?').pluck()
    const range = 'FROM chain_transactions WHERE place >= ? AND place < ? ORDER BY place'
    this.#transactions = sqlite.prepare<[number, number], TransactionRow>(`SELECT place, hash, sender, raw ${range}`)
    this.#transactionCount = sqlite
      .prepare<[number, number], number>('SELECT count(*) FROM chain_transactions WHERE place >= ? AND place < ?')
      .pluck()
    this.#receipts = sqlite.prepare<[number, number], ReceiptRow>(`SELECT place, hash, sender, receipt ${range}`)
    this.#headNumber = sqlite.prepare<[], number | null>('SELECT max(number) FROM chain_blocks').pluck()
  }

  headNumber(): bigint | undefined {
    const number = this.#headNumber.get()
    return typeof number === 'number' ? BigInt(number) : undefined
  }

  numberOfHash(hash: Hex): bigint | undefined {
    const number = this.#numberOfHash.get(hexToBytes(hash))
    return number === undefined ? undefined : BigInt(number)
  }

  placeOfTransaction(hash: Hex): { readonly block: bigint; readonly index: number } | undefined {
    const place = this.#placeOfHash.get(hexToBytes(hash))
    return place === undefined ? undefined : transactionAt(place)
  }

  block(number: bigint): SealedBlock | undefined {
    const row = this.#block.get(Number(number))
    return row === undefined ? undefined : this.#toBlock(number, row)
  }

  record(number: bigint): BlockRecord | undefined {
    const row = this.#record.get(Number(number))
    if (row === undefined) return undefined
    const block = this.#toBlock(number, row)
    return {
      block,
      header: encodeHeader(block.header),
      rlp: encodeBlock({ ...block, transactions: block.transactions.map(({ raw }) => raw) }),
      changes: plainBytes(row.changes),
      touched: plainBytes(row.touched),
      diffBytes: row.diff_bytes,
      inputBytes: row.input_bytes,
      inboxCountAfter: BigInt(row.inbox_count),
    }
  }

  diffBytes(number: bigint): number | undefined {
    return this.#diffBytes.get(Number(number))
  }

  inputBytes(number: bigint): number | undefined {
    return this.#inputBytes.get(Number(number))
  }

  transactionCount(fromBlock: bigint, beforeBlock: bigint): number {
    return this.#transactionCount.get(transactionPlace(fromBlock, 0), transactionPlace(beforeBlock, 0)) ?? 0
  }

  changes(number: bigint): Uint8Array | undefined {
    const changes = this.#changes.get(Number(number))
    return changes && plainBytes(changes)
  }

  receipts(number: bigint): ReceiptHead[] {
    return this.#receipts.all(transactionPlace(number, 0), transactionPlace(number + 1n, 0)).map((row) => ({
      ...decodeReceipt(row.receipt),
      transactionHash: bytesToHex(row.hash),
      transactionIndex: transactionAt(row.place).index,
      from: bytesToHex(row.sender),
    }))
  }

  deleteAbove(number: bigint): void {
    this.#sqlite.prepare('DELETE FROM chain_blocks WHERE number > ?').run(Number(number))
    this.#sqlite.prepare('DELETE FROM chain_transactions WHERE place >= ?').run(transactionPlace(number + 1n, 0))
  }

  #toBlock(number: bigint, row: BlockRow): SealedBlock {
    const hash = bytesToHex(row.hash)
    const transactions = this.#transactions.all(transactionPlace(number, 0), transactionPlace(number + 1n, 0)).map(
      (transaction): SealedTransaction => ({
        hash: bytesToHex(transaction.hash),
        raw: plainBytes(transaction.raw),
        sender: bytesToHex(transaction.sender),
        blockHash: hash,
        blockNumber: number,
        index: transactionAt(transaction.place).index,
      }),
    )
    const { header, withdrawals } = decodeBlock(plainBytes(row.skeleton))
    return { hash, header, transactions, withdrawals, size: row.size }
  }
}
