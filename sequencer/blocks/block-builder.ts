import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Common } from '@ethereumjs/common'
import { type Hex, hexToBytes, InvalidTransactionError, keccak256Hex, rules, type SealedBlock } from '../../core/index.ts'
import { BlockExecution, BlockGasExceededError, type ConsoleListener, type ExecutedBlock, type WorldState } from '../../stf/index.ts'
import type { SealingOrder } from '../mempool/sealing-order.ts'
import type { PoolEntry } from '../mempool/sender-queue.ts'
import { StateDiffTooLargeError, WitnessTooLargeError } from './errors.ts'
import type { InboxSlice } from './inbox-feed.ts'

export interface BuildOptions {
  readonly common: Common
  /** At the parent's root. */
  readonly state: WorldState
  readonly parent: SealedBlock
  readonly timestamp: bigint
  readonly coinbase: Hex
  readonly prevRandao: Hex
  readonly gasLimit: bigint
  readonly baseFeePerGas: bigint
  /** Bytes of state diff that are taken before the first transaction: what dev methods changed since the parent. */
  readonly preStateDiffBytes: number
  readonly inbox: InboxSlice
  readonly order: SealingOrder
  readonly console: ConsoleListener
  /** Awaited when it is known which transactions the block has, before its roots are computed. */
  readonly filled?: (included: readonly PoolEntry[]) => Promise<void>
}

export interface DroppedTransaction {
  readonly entry: PoolEntry
  readonly error: InvalidTransactionError
}

export interface BuiltBlock {
  readonly executed: ExecutedBlock
  readonly diffBytes: number
  /** Upper bound of what it takes in a prover input. */
  readonly inputBytes: number
  readonly included: readonly PoolEntry[]
  /** No block can take them any more. */
  readonly dropped: readonly DroppedTransaction[]
}

/** A full block takes half a second to execute; other requests get their turn in between. */
export const transactionsPerTurn = 64

/** No randomness is at hand that others could check; a value that follows from the parent keeps tests repeatable. */
export const prevRandaoAfter = (parent: SealedBlock): Hex => keccak256Hex(hexToBytes(parent.hash))

/** Executes pooled transactions into the next block until one of its bounds is reached. */
export async function buildBlock(options: BuildOptions): Promise<BuiltBlock> {
  const { common, state, parent, timestamp, coinbase, prevRandao, gasLimit, baseFeePerGas, preStateDiffBytes, inbox, order, console } =
    options
  const execution = await BlockExecution.begin({
    common,
    state,
    parent: parent.header,
    timestamp,
    coinbase,
    prevRandao,
    overrides: { gasLimit, baseFeePerGas },
    extraData: '0x',
    deposits: inbox.deposits,
    inboxRoot: inbox.rootAfter,
    console,
  })
  try {
    const { included, dropped } = await fill(execution, order, preStateDiffBytes)
    await options.filled?.(included)
    const diffBytes = preStateDiffBytes + execution.stateDiffBytes
    const executed = await execution.seal()
    return { executed, diffBytes, inputBytes: executed.commit.witnessBytes + executed.block.size, included, dropped }
  } catch (error) {
    execution.abandon()
    throw error
  }
}

async function fill(
  execution: BlockExecution,
  order: SealingOrder,
  preStateDiffBytes: number,
): Promise<Pick<BuiltBlock, 'included' | 'dropped'>> {
  const included: PoolEntry[] = []
  const dropped: DroppedTransaction[] = []
  for (let entry = order.peek(); entry !== undefined; entry = order.peek()) {
    try {
      await execution.addTransaction(entry.tx)
    } catch (error) {
      order.skipSender()
      if (error instanceof BlockGasExceededError) continue
      if (!(error instanceof InvalidTransactionError)) throw error
      dropped.push({ entry, error })
      continue
    }
    const excess = excessOf(execution, { hash: entry.hash, preStateDiffBytes })
    if (excess !== undefined) {
      await execution.undoLastTransaction()
      order.skipSender()
      // Behind others it gets another chance at the head of a block of its own.
      if (included.length > 0 || preStateDiffBytes > 0) break
      dropped.push({ entry, error: excess })
      continue
    }
    included.push(entry)
    order.advance()
    if (included.length % transactionsPerTurn === 0) await nextTurn()
  }
  return { included, dropped }
}

/** What the block has too much of since its last transaction. */
function excessOf(
  { stateDiffBytes, witnessBytes, transactionBytes }: BlockExecution,
  { hash, preStateDiffBytes }: { readonly hash: Hex; readonly preStateDiffBytes: number },
): InvalidTransactionError | undefined {
  if (preStateDiffBytes + stateDiffBytes > rules.maxStateDiffBytes) return new StateDiffTooLargeError({ hash, bytes: stateDiffBytes })
  const inputBytes = witnessBytes + transactionBytes
  return inputBytes > rules.maxInputBytes ? new WitnessTooLargeError({ hash, bytes: inputBytes }) : undefined
}
