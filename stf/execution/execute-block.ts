import type { Common } from '@ethereumjs/common'
import { type BlockHeader, hexToBytes, InvalidTransactionError, rules } from '../../core/index.ts'
import { type DecodedBlock, decodeBlock } from '../block/block-rlp.ts'
import { emptyOmmersHash, emptyRequestsHash, headerFields, headerHash, nextBaseFee, zeroNonce } from '../block/header.ts'
import type { WorldState } from '../state/world-state.ts'
import { BlockExecution } from './block-execution.ts'
import { type BlockFault, BlockGasExceededError, InvalidBlockError } from './errors.ts'
import type { ExecutedBlock } from './types.ts'

export interface ExecuteBlockOptions {
  readonly common: Common
  /** At the root that the block builds on. */
  readonly state: WorldState
  readonly parentHeader: BlockHeader
  readonly blockRlp: Uint8Array
}

/**
 * Executes a received block and checks every field of its header. Commits the state only if all of them hold.
 * Header fields that need no execution are checked first, so that a false one is named rather than its consequence.
 * @throws BlockFormatError, InvalidBlockError naming the field, MissingTrieNodeError, MissingCodeError
 */
export async function executeBlock({ common, state, parentHeader, blockRlp }: ExecuteBlockOptions): Promise<ExecutedBlock> {
  const block = decodeBlock(blockRlp)
  const { header } = block
  assertHeader(header, parentHeader)
  assertWithdrawals(block)
  const rootBefore = hexToBytes(state.root)
  const execution = await BlockExecution.begin({
    common,
    state,
    parent: parentHeader,
    timestamp: header.timestamp,
    coinbase: header.coinbase,
    prevRandao: header.mixHash,
    extraData: header.extraData,
    deposits: block.withdrawals,
    inboxRoot: header.parentBeaconBlockRoot,
  })
  try {
    await addTransactions(execution, block)
    const executed = await execution.seal()
    assertSameHeader(header, executed.block.header)
    return executed
  } catch (error) {
    execution.abandon()
    await state.setStateRoot(rootBefore)
    throw error
  }
}

async function addTransactions(execution: BlockExecution, { header, transactions }: DecodedBlock): Promise<void> {
  for (const [index, raw] of transactions.entries()) {
    try {
      await execution.addTransaction(raw)
    } catch (error) {
      if (!(error instanceof InvalidTransactionError || error instanceof BlockGasExceededError)) throw error
      throw new InvalidBlockError({
        number: header.number,
        field: 'transactions',
        expected: 'only executable transactions',
        actual: `one that is not at index ${index} (${error.message})`,
        cause: error,
      })
    }
  }
}

interface FieldCheck {
  readonly field: BlockFault
  readonly expected: unknown
  readonly actual: unknown
  readonly holds?: boolean
}

function assertField({ number }: BlockHeader, { field, expected, actual, holds = expected === actual }: FieldCheck): void {
  if (!holds) throw new InvalidBlockError({ number, field, expected: `${expected}`, actual: `${actual}` })
}

/** The fields that follow from the parent and from the rules. */
function assertHeader(header: BlockHeader, parent: BlockHeader): void {
  const derived: Partial<BlockHeader> = {
    parentHash: headerHash(parent),
    number: parent.number + 1n,
    ommersHash: emptyOmmersHash,
    difficulty: 0n,
    gasLimit: rules.blockGasLimit,
    nonce: zeroNonce,
    baseFeePerGas: nextBaseFee(parent),
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    requestsHash: emptyRequestsHash,
  }
  for (const field of headerFields) {
    if (derived[field] !== undefined) assertField(header, { field, expected: derived[field], actual: header[field] })
  }
  assertField(header, {
    field: 'timestamp',
    expected: `greater than ${parent.timestamp}`,
    actual: header.timestamp,
    holds: header.timestamp > parent.timestamp,
  })
}

function assertWithdrawals({ header, withdrawals }: DecodedBlock): void {
  const limit = rules.maxDepositsPerBlock
  assertField(header, {
    field: 'withdrawals',
    expected: `at most ${limit}`,
    actual: `a list of ${withdrawals.length}`,
    holds: withdrawals.length <= limit,
  })
  for (const { validatorIndex } of withdrawals) {
    assertField(header, {
      field: 'withdrawals',
      expected: 'of validator 0',
      actual: `of validator ${validatorIndex}`,
      holds: validatorIndex === 0n,
    })
  }
}

/** What only execution tells. */
function assertSameHeader(header: BlockHeader, computed: BlockHeader): void {
  for (const field of headerFields) assertField(header, { field, expected: computed[field], actual: header[field] })
}
