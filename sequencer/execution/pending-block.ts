import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Common } from '@ethereumjs/common'
import { InvalidTransactionError, rules } from '../../core/index.ts'
import { BlockExecution, BlockGasExceededError, WorldState } from '../../stf/index.ts'
import { transactionsPerTurn } from '../blocks/block-builder.ts'
import type { InboxFeed } from '../blocks/inbox-feed.ts'
import type { Sealer } from '../blocks/sealer.ts'
import { WriterLock } from '../blocks/writer-lock.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { SqliteChainStore } from '../storage/sqlite-chain-store.ts'

export interface PendingBlockDeps {
  readonly common: Common
  readonly store: SqliteChainStore
  readonly sealer: Pick<Sealer, 'nextBlock'>
  readonly mempool: Mempool
  readonly feed: InboxFeed
}

/** The block that would be sealed now, on a state of its own. Nothing of it is ever stored. */
export interface PendingBlock {
  readonly execution: BlockExecution
  readonly state: WorldState
}

/** Keeps the pending block until head or pool change. */
export class PendingBlocks {
  readonly #deps: PendingBlockDeps
  // Whoever simulates on the pending state must be alone on it.
  readonly #turns = new WriterLock()
  #kept: { readonly key: string; readonly block: PendingBlock } | undefined

  constructor(deps: PendingBlockDeps) {
    this.#deps = deps
  }

  async use<T>(work: (block: PendingBlock) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      const { store, mempool, sealer } = this.#deps
      const { timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas } = sealer.nextBlock()
      const head = store.head()
      const root = store.rootAfter(head.header.number)
      const key = [head.hash, root, mempool.version, timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas].join(' ')
      if (this.#kept?.key !== key) {
        this.#kept = undefined
        this.#kept = { key, block: await this.#build() }
      }
      return work(this.#kept.block)
    })
  }

  async #build(): Promise<PendingBlock> {
    const { common, store, sealer, mempool, feed } = this.#deps
    const parent = store.head()
    const { timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas } = sealer.nextBlock()
    const state = WorldState.at(store.rootAfter(parent.header.number), store.states)
    const inbox = feed.next(store.inboxCount(), rules.maxDepositsPerBlock)
    const execution = await BlockExecution.begin({
      ...{ common, state, parent: parent.header, timestamp, coinbase, prevRandao },
      overrides: { gasLimit, baseFeePerGas },
      extraData: '0x',
      deposits: inbox.deposits,
      inboxRoot: inbox.rootAfter,
    })
    const order = mempool.order(baseFeePerGas)
    for (let entry = order.peek(); entry !== undefined; entry = order.peek()) {
      try {
        const { index } = await execution.addTransaction(entry.tx)
        order.advance()
        if (index % transactionsPerTurn === transactionsPerTurn - 1) await nextTurn()
      } catch (error) {
        if (!(error instanceof InvalidTransactionError || error instanceof BlockGasExceededError)) throw error
        order.skipSender()
      }
    }
    return { execution, state }
  }
}
