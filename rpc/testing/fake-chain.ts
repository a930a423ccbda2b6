import { setImmediate as nextTurn } from 'node:timers/promises'
import { getContractAddress, recoverAddress } from 'viem'
import {
  type AcceptedTransaction,
  type AccountProof,
  type AccountState,
  type BlockHeader,
  bytesToHex,
  type ChainReader,
  type EventSink,
  type Hex,
  InvalidTransactionError,
  impersonatedSender,
  keccak256Hex,
  type Log,
  type PooledTransaction,
  type Receipt,
  type SealedBlock,
  type SealingControl,
  type StateReader,
  StateUnavailableError,
  type StateView,
  TimestampTooOldError,
  TooManyLogsError,
  type TransactionPool,
  type Withdrawal,
} from '../../core/index.ts'
import { decodeTransaction, type SignedTransaction, signingHash } from '../encoding/transaction-codec.ts'
import { matchesLog } from '../logs/match-log.ts'

/** Addresses that the fake executes in a way of its own. */
export const fakeContracts = {
  /** Emits its call data as a log, with `loggedTopic` and the sender as topics. */
  logger: '0x0000000000000000000000000000000000001001',
  /** Reverts with Error("nope"). */
  reverter: '0x0000000000000000000000000000000000001002',
  /** Runs out of gas. */
  halter: '0x0000000000000000000000000000000000001003',
  /** Returns its call data. */
  echo: '0x0000000000000000000000000000000000001004',
} as const satisfies Record<string, Hex>

export const loggedTopic = keccak256Hex(new TextEncoder().encode('Logged(address,bytes)'))

const zeroHash: Hex = `0x${'00'.repeat(32)}`
const emptyBloom: Hex = `0x${'00'.repeat(256)}`
const emptyAccount: AccountState = { nonce: 0n, balance: 0n, codeHash: keccak256Hex(new Uint8Array()), storageRoot: zeroHash }
const coinbase: Hex = '0x00000000000000000000000000000000000c01b0'
const baseFeePerGas = 1_000_000_000n

type Accounts = ReadonlyMap<Hex, AccountState>

interface Entry {
  readonly block: SealedBlock
  readonly receipts: readonly Receipt[]
  readonly accounts: Accounts
}

export interface ChainState {
  readonly entries: readonly Entry[]
  readonly pool: readonly PooledTransaction[]
}

/** A ledger that moves value between accounts: just enough of a chain for what the RPC shows to differ from block to block. */
export class FakeChain implements ChainReader, StateReader, TransactionPool, SealingControl {
  /** Whether an accepted transaction is answered a turn before it is sealed. */
  sealsLater = false
  readonly chainId = 313_372n
  safeNumber = 0n
  finalizedNumber = 0n
  historyStartNumber = 0n
  readonly code = new Map<Hex, Uint8Array>()
  readonly slots = new Map<string, bigint>()
  /** Taken by the next block. */
  withdrawals: Withdrawal[] = []
  readonly #events: EventSink
  #entries: Entry[] = []
  #pool: PooledTransaction[] = []
  #automine = true
  #intervalMs = 0
  #timeOffset = 0n
  #nextTimestamp: bigint | undefined

  constructor(balances: ReadonlyMap<Hex, bigint>, events: EventSink) {
    this.#events = events
    this.#append([], new Map([...balances].map(([address, balance]) => [address, { ...emptyAccount, balance }])), 1_700_000_000n)
  }

  saved(): ChainState {
    return { entries: [...this.#entries], pool: [...this.#pool] }
  }

  restore({ entries, pool }: ChainState): void {
    this.#entries = [...entries]
    this.#pool = [...pool]
    this.#events.emit('rewind', { head: this.head().header.number })
  }

  head(): SealedBlock {
    return this.#last().block
  }

  safe(): bigint {
    return this.safeNumber
  }

  finalized(): bigint {
    return this.finalizedNumber
  }

  historyStart(): bigint {
    return this.historyStartNumber
  }

  blockByNumber(number: bigint): SealedBlock | undefined {
    return this.#at(number)?.block
  }

  blockByHash(hash: Hex): SealedBlock | undefined {
    return this.#entries.find(({ block }) => block.hash === hash)?.block
  }

  transaction(hash: Hex) {
    for (const { block } of this.#entries) {
      const found = block.transactions.find((transaction) => transaction.hash === hash)
      if (found !== undefined) return found
    }
    return undefined
  }

  receipt(hash: Hex): Receipt | undefined {
    return this.#entries.flatMap(({ receipts }) => receipts).find(({ transactionHash }) => transactionHash === hash)
  }

  receipts(blockNumber: bigint): readonly Receipt[] {
    return this.#at(blockNumber)?.receipts ?? []
  }

  logs({ fromBlock, toBlock, addresses, topics, limit }: Parameters<ChainReader['logs']>[0]): readonly Log[] {
    const logs = this.#entries
      .filter(({ block }) => block.header.number >= fromBlock && block.header.number <= toBlock)
      .flatMap(({ receipts }) => receipts.flatMap((receipt) => receipt.logs))
      .filter((log) => matchesLog(log, { addresses, topics }))
    if (logs.length > limit) throw new TooManyLogsError(limit)
    return logs
  }

  stateAt(blockNumber: bigint): StateView {
    const entry = this.#at(blockNumber)
    if (entry === undefined) throw new StateUnavailableError({ block: blockNumber, historyStart: this.historyStartNumber })
    const { accounts } = entry
    const { code, slots } = this
    return {
      account: (address) => accounts.get(address) ?? emptyAccount,
      code: (address) => code.get(address) ?? new Uint8Array(),
      storage: (address, slot) => slots.get(`${address}:${slot}`) ?? 0n,
      proof: (address, keys): AccountProof => ({
        ...(accounts.get(address) ?? emptyAccount),
        address,
        accountProof: ['0xf851'],
        storageProof: keys.map((key) => ({
          key: `0x${key.toString(16).padStart(64, '0')}`,
          value: slots.get(`${address}:${key}`) ?? 0n,
          proof: ['0xe2'],
        })),
      }),
    }
  }

  sealedStateAt(blockNumber: bigint): StateView {
    return this.stateAt(blockNumber)
  }

  addresses(): readonly Hex[] {
    return [...this.#last().accounts.keys()].sort()
  }

  editAccount(address: Hex, fields: Partial<Pick<AccountState, 'nonce' | 'balance'>>): void {
    const entry = this.#last()
    const accounts = new Map(entry.accounts).set(address, { ...(entry.accounts.get(address) ?? emptyAccount), ...fields })
    this.#entries[this.#entries.length - 1] = { ...entry, accounts }
  }

  dropWhere(isDropped: (pooled: PooledTransaction) => boolean): boolean {
    const kept = this.#pool.filter((pooled) => !isDropped(pooled))
    const some = kept.length < this.#pool.length
    this.#pool = kept
    return some
  }

  async submit(raw: Uint8Array): Promise<Hex> {
    const { hash, sealed } = await this.accept(raw)
    await sealed
    return hash
  }

  async accept(raw: Uint8Array): Promise<AcceptedTransaction> {
    const { transaction, sender } = await recover(raw)
    const hash = this.#admit(raw, transaction, sender)
    const sealed = (this.sealsLater ? nextTurn() : Promise.resolve()).then(() => this.#mineAutomatically())
    if (!this.sealsLater) await sealed
    return { hash, sealed }
  }

  async submitUnsigned(raw: Uint8Array): Promise<Hex> {
    const transaction = decodeTransaction(raw)
    const sender = impersonatedSender(transaction.signature)
    if (sender === undefined) throw new InvalidTransactionError('invalid sender')
    const hash = this.#admit(raw, transaction, sender)
    await this.#mineAutomatically()
    return hash
  }

  async #mineAutomatically(): Promise<void> {
    if (this.#automine && this.pending().length > 0) await this.mine()
  }

  #admit(raw: Uint8Array, transaction: SignedTransaction, sender: Hex): Hex {
    const hash = keccak256Hex(raw)
    if (transaction.chainId !== null && transaction.chainId !== this.chainId)
      throw new InvalidTransactionError('invalid chain id for signer')
    const account = this.#last().accounts.get(sender) ?? emptyAccount
    if (transaction.nonce < account.nonce) {
      throw new InvalidTransactionError(`nonce too low: next nonce ${account.nonce}, tx nonce ${transaction.nonce}`)
    }
    if (account.balance < transaction.value) throw new InvalidTransactionError('insufficient funds for gas * price + value')
    this.#pool.push({ hash, raw, sender, nonce: transaction.nonce })
    this.#events.emit('pendingTransaction', { hash })
    return hash
  }

  find(hash: Hex): PooledTransaction | undefined {
    return this.#pool.find((pooled) => pooled.hash === hash)
  }

  nextNonce(sender: Hex): bigint {
    const sealed = (this.#last().accounts.get(sender) ?? emptyAccount).nonce
    return sealed + BigInt(this.pending().filter((pooled) => pooled.sender === sender).length)
  }

  pending(): readonly PooledTransaction[] {
    const next = new Map<Hex, bigint>()
    const executable: PooledTransaction[] = []
    for (const pooled of this.#pool.toSorted((a, b) => Number(a.nonce - b.nonce))) {
      const nonce = next.get(pooled.sender) ?? (this.#last().accounts.get(pooled.sender) ?? emptyAccount).nonce
      if (pooled.nonce !== nonce) continue
      next.set(pooled.sender, nonce + 1n)
      executable.push(pooled)
    }
    return executable
  }

  queued(): readonly PooledTransaction[] {
    const executable = new Set(this.pending())
    return this.#pool.filter((pooled) => !executable.has(pooled))
  }

  async mine({ blocks = 1, intervalSeconds = 1n, timestamp }: Parameters<SealingControl['mine']>[0] = {}): Promise<bigint> {
    if (timestamp !== undefined) await this.setNextBlockTimestamp(timestamp)
    for (let i = 0; i < blocks; i++) {
      const next = this.nextBlock()
      this.#nextTimestamp = undefined
      this.#seal(i === 0 ? next.timestamp : this.head().header.timestamp + (intervalSeconds > 0n ? intervalSeconds : 1n))
    }
    return this.head().header.number
  }

  automine(): boolean {
    return this.#automine
  }

  intervalMs(): number {
    return this.#intervalMs
  }

  async setAutomine(enabled: boolean): Promise<void> {
    this.#automine = enabled
  }

  async setIntervalMs(intervalMs: number): Promise<void> {
    this.#intervalMs = intervalMs
  }

  async increaseTime(seconds: bigint): Promise<bigint> {
    this.#timeOffset += seconds
    return this.#timeOffset
  }

  async setNextBlockTimestamp(timestamp: bigint): Promise<void> {
    const head = this.head().header.timestamp
    if (timestamp <= head) throw new TimestampTooOldError({ timestamp, head })
    this.#nextTimestamp = timestamp
  }

  async setTime(timestamp: bigint): Promise<void> {
    const head = this.head().header.timestamp
    if (timestamp > head + 1n) this.#nextTimestamp = timestamp
  }

  nextBlock() {
    const { number, timestamp } = this.head().header
    const next = timestamp + 1n + this.#timeOffset
    return {
      number: number + 1n,
      timestamp: this.#nextTimestamp ?? next,
      baseFeePerGas,
      coinbase,
      prevRandao: zeroHash,
      gasLimit: 30_000_000n,
    }
  }

  /** The block that would be sealed now, and the accounts after it. */
  pendingEntry(): Pick<Entry, 'block' | 'accounts'> {
    return this.#entryOf(this.pending(), this.#accountsAfter(this.pending()), this.nextBlock().timestamp)
  }

  #seal(timestamp: bigint): void {
    this.#timeOffset = 0n
    const transactions = this.pending()
    this.#pool = this.#pool.filter((pooled) => !transactions.includes(pooled))
    this.#append(transactions, this.#accountsAfter(transactions), timestamp)
    const { block, receipts } = this.#last()
    this.#events.emit('block', { block, receipts })
  }

  #accountsAfter(transactions: readonly PooledTransaction[]): Map<Hex, AccountState> {
    const accounts = new Map(this.#last().accounts)
    for (const { raw, sender } of transactions) {
      const { to, value, nonce } = decodeTransaction(raw)
      const from = accounts.get(sender) ?? emptyAccount
      accounts.set(sender, { ...from, nonce: nonce + 1n, balance: from.balance - value })
      if (to === null) continue
      const receiver = accounts.get(to) ?? emptyAccount
      accounts.set(to, { ...receiver, balance: receiver.balance + value })
    }
    return accounts
  }

  #append(pooled: readonly PooledTransaction[], accounts: Accounts, timestamp: bigint): void {
    this.#entries.push(this.#entryOf(pooled, accounts, timestamp))
    this.withdrawals = []
  }

  #entryOf(pooled: readonly PooledTransaction[], accounts: Accounts, timestamp: bigint): Entry {
    const number = BigInt(this.#entries.length)
    const header = fakeHeader(number, timestamp, this.#entries.at(-1)?.block.hash ?? zeroHash, pooled.length)
    const hash = keccak256Hex(new TextEncoder().encode(JSON.stringify({ ...header, txs: pooled.map((tx) => tx.hash) }, bigintToString)))
    const transactions = pooled.map(({ raw, sender, hash: txHash }, index) => ({
      hash: txHash,
      raw,
      sender,
      blockHash: hash,
      blockNumber: number,
      index,
    }))
    const block: SealedBlock = { hash, header, transactions, withdrawals: this.withdrawals, size: 600 + 120 * pooled.length }
    return { block, accounts, receipts: fakeReceipts(block) }
  }

  #at(number: bigint): Entry | undefined {
    return number < this.historyStartNumber ? undefined : this.#entries[Number(number)]
  }

  #last(): Entry {
    const last = this.#entries.at(-1)
    if (last === undefined) throw new Error('the chain has no genesis')
    return last
  }
}

function bigintToString(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

async function recover(raw: Uint8Array): Promise<{ transaction: SignedTransaction; sender: Hex }> {
  try {
    const transaction = decodeTransaction(raw)
    const { yParity, r, s } = transaction.signature
    const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`
    const sender = await recoverAddress({ hash: signingHash(transaction), signature: { yParity, r: word(r), s: word(s) } })
    return { transaction, sender: `0x${sender.slice(2).toLowerCase()}` }
  } catch {
    throw new InvalidTransactionError('rlp: value size exceeds available input length')
  }
}

function fakeHeader(number: bigint, timestamp: bigint, parentHash: Hex, transactions: number): BlockHeader {
  return {
    parentHash,
    ommersHash: '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347',
    coinbase,
    stateRoot: keccak256Hex(Uint8Array.of(Number(number % 256n))),
    transactionsRoot: zeroHash,
    receiptsRoot: zeroHash,
    logsBloom: emptyBloom,
    difficulty: 0n,
    number,
    gasLimit: 30_000_000n,
    gasUsed: 21_000n * BigInt(transactions),
    timestamp,
    extraData: '0x',
    mixHash: zeroHash,
    nonce: '0x0000000000000000',
    baseFeePerGas,
    withdrawalsRoot: zeroHash,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: zeroHash,
    requestsHash: zeroHash,
  }
}

function fakeReceipts({ hash, header, transactions }: SealedBlock): Receipt[] {
  let logIndex = 0
  return transactions.map((transaction, index) => {
    const fields = decodeTransaction(transaction.raw)
    const topics: Hex[] = [loggedTopic, `0x${transaction.sender.slice(2).padStart(64, '0')}`]
    const log: Log = {
      address: fakeContracts.logger,
      topics,
      data: bytesToHex(fields.data),
      blockHash: hash,
      blockNumber: header.number,
      blockTimestamp: header.timestamp,
      transactionHash: transaction.hash,
      transactionIndex: index,
      logIndex,
    }
    const logs = fields.to === fakeContracts.logger ? [log] : []
    logIndex += logs.length
    const created = fields.to === null ? getContractAddress({ from: transaction.sender, nonce: fields.nonce }) : null
    return {
      transactionHash: transaction.hash,
      transactionIndex: index,
      blockHash: hash,
      blockNumber: header.number,
      type: fields.type,
      from: transaction.sender,
      to: fields.to,
      contractAddress: created === null ? null : `0x${created.slice(2).toLowerCase()}`,
      succeeded: fields.to !== fakeContracts.reverter,
      gasUsed: 21_000n,
      cumulativeGasUsed: 21_000n * BigInt(index + 1),
      effectiveGasPrice: 'gasPrice' in fields ? fields.gasPrice : header.baseFeePerGas + fields.maxPriorityFeePerGas,
      logs,
      logsBloom: emptyBloom,
    }
  })
}
