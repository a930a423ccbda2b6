import {
  type BlockHeader,
  bytesToHex,
  type Hex,
  InvalidTransactionError,
  type SimulatedBlockRequest,
  type Withdrawal,
} from '../../core/index.ts'
import { emptyOmmersHash, emptyRequestsHash, nextBaseFee, zeroNonce } from '../block/header.ts'
import { emptyTrieRoot } from '../trie/trie.ts'

const maxBlocks = 256n
// What geth puts between blocks that say nothing of their time.
const secondsBetweenBlocks = 12n
const zeroHash: Hex = `0x${'00'.repeat(32)}`
const emptyRoot = bytesToHex(emptyTrieRoot)

/** A block to simulate, with its place in the chain. */
export interface PlannedBlock extends Pick<SimulatedBlockRequest, 'calls' | 'stateOverrides'> {
  readonly number: bigint
  readonly timestamp: bigint
  readonly overrides: NonNullable<SimulatedBlockRequest['blockOverrides']>
  readonly withdrawals: readonly Withdrawal[]
}

/**
 * Gives each block its number and time; gaps between numbers are filled with empty blocks.
 * @throws InvalidTransactionError with the code of the rule that is broken
 */
export function planBlocks(base: Pick<BlockHeader, 'number' | 'timestamp'>, requests: readonly SimulatedBlockRequest[]): PlannedBlock[] {
  const planned: PlannedBlock[] = []
  let { number, timestamp } = base
  for (const { blockOverrides: overrides = {}, calls, stateOverrides } of requests) {
    const target = overrides.number ?? number + 1n
    if (target <= number) {
      throw new InvalidTransactionError(`block numbers must be in order: ${target} <= ${number}`, 'BLOCK_NUMBER_NOT_INCREASING')
    }
    if (target - base.number > maxBlocks) throw new InvalidTransactionError('too many blocks', 'CLIENT_LIMIT_EXCEEDED')
    for (number += 1n; number < target; number += 1n) {
      timestamp += secondsBetweenBlocks
      planned.push({ number, timestamp, overrides: {}, calls: [], withdrawals: [] })
    }
    const time = overrides.timestamp ?? timestamp + secondsBetweenBlocks
    if (time <= timestamp) {
      throw new InvalidTransactionError(`block timestamps must be in order: ${time} <= ${timestamp}`, 'BLOCK_TIMESTAMP_NOT_INCREASING')
    }
    timestamp = time
    planned.push({
      number,
      timestamp,
      overrides,
      calls,
      withdrawals: overrides.withdrawals ?? [],
      ...(stateOverrides && { stateOverrides }),
    })
  }
  return planned
}

/** The header as far as it is known before the block's first call. What is not overridden is as in the parent. */
export function plannedHeader(
  { number, timestamp, overrides }: PlannedBlock,
  parent: { readonly hash: Hex; readonly header: BlockHeader },
  { validation }: { readonly validation: boolean },
): BlockHeader {
  return {
    parentHash: parent.hash,
    ommersHash: emptyOmmersHash,
    coinbase: overrides.coinbase ?? parent.header.coinbase,
    stateRoot: zeroHash,
    transactionsRoot: emptyRoot,
    receiptsRoot: emptyRoot,
    logsBloom: `0x${'00'.repeat(256)}`,
    difficulty: 0n,
    number,
    gasLimit: overrides.gasLimit ?? parent.header.gasLimit,
    gasUsed: 0n,
    timestamp,
    extraData: '0x',
    mixHash: overrides.prevRandao ?? zeroHash,
    nonce: zeroNonce,
    // Calls that name no price would be below any other.
    baseFeePerGas: overrides.baseFeePerGas ?? (validation ? nextBaseFee(parent.header) : 0n),
    withdrawalsRoot: emptyRoot,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: overrides.parentBeaconBlockRoot ?? zeroHash,
    requestsHash: emptyRequestsHash,
  }
}
