import { type Hex, hexToBytes, keccak256Hex, type SealedBlock } from '../../core/index.ts'
import type { DevnetDatabase } from '../../database/index.ts'
import {
  createGenesis,
  decodeHeader,
  encodeChanges,
  encodeTouched,
  type StateChanges,
  type StoredCode,
  type StoredNode,
} from '../../stf/index.ts'
import { type BlockWrite, blockRows } from './block-rows.ts'
import { BlockTable } from './block-table.ts'
import { ChainMismatchError } from './errors.ts'
import { MetaTable } from './meta-table.ts'
import { StateTable } from './state-table.ts'
import { TableWriter } from './table-writer.ts'

/** What a chain is made from. The same parameters give the same genesis block. */
export interface GenesisParameters {
  readonly chainId: bigint
  /** Seconds; only used where no chain is stored yet. */
  readonly timestamp: bigint
  readonly accounts: readonly { readonly address: Hex; readonly balance: bigint }[]
  readonly predeploys: readonly { readonly address: Hex; readonly code: Hex }[]
}

/** State of a chain that was rebuilt from L1. */
export interface RecoveredState {
  /** RLP of the header of the newest known block. */
  readonly header: Uint8Array
  /** Inbox leaves consumed up to that block. */
  readonly inboxCount: bigint
  /** Everything below the header's state root. */
  readonly nodes: Iterable<StoredNode>
  readonly codes: Iterable<StoredCode>
  /** The whole state as a change of the empty one: the tries do not tell addresses and slots. */
  readonly changes: StateChanges
}

/** Writes block 0 into an empty database; where a chain is stored, checks that it is this one. @throws ChainMismatchError */
export async function foundChain(database: DevnetDatabase, genesis: GenesisParameters, inboxRoot: Hex): Promise<void> {
  if (isFounded(database, genesis)) return
  const predeploys = genesis.predeploys.map(({ address, code }) => ({ address, code: hexToBytes(code) }))
  const { block, commit } = await createGenesis({ ...genesis, predeploys, inboxRoot })
  write(database, genesis, {
    ...{ block, receipts: [], diffBytes: 0, inputBytes: 0, inboxCountAfter: 0n, state: commit, devReasons: [] },
    ...{ changes: encodeChanges(commit.changes), touched: encodeTouched(commit.touched) },
  })
}

/**
 * Makes the recovered block the head of a chain that starts there. The database must not hold a chain.
 *
 * @throws ChainMismatchError
 */
export function adoptChain(database: DevnetDatabase, genesis: GenesisParameters, recovered: RecoveredState): void {
  if (new BlockTable(database).headNumber() !== undefined) {
    throw new ChainMismatchError({ path: database.path, what: 'blocks', stored: 'of its own', asked: 'an empty one' })
  }
  const header = decodeHeader(recovered.header)
  // L1 keeps the header but not what was in the block.
  const block: SealedBlock = { hash: keccak256Hex(recovered.header), header, transactions: [], withdrawals: [], size: 0 }
  write(database, genesis, {
    ...{ block, receipts: [], diffBytes: 0, inputBytes: 0, inboxCountAfter: recovered.inboxCount, devReasons: [] },
    ...{ changes: encodeChanges(recovered.changes), touched: encodeTouched([]) },
    state: { newNodes: [...recovered.nodes], newCodes: [...recovered.codes] },
  })
}

function write(database: DevnetDatabase, genesis: GenesisParameters, block: BlockWrite): void {
  const meta = new MetaTable(database)
  const state = new StateTable(database, meta)
  const writer = new TableWriter(database)
  const placed = state.place(block.state, block.block.header.number)
  database.transaction(() => {
    meta.set('chainId', genesis.chainId.toString())
    meta.set('genesisDigest', genesisDigest(genesis))
    meta.set('historyStart', block.block.header.number.toString())
    writer.insertBlock(blockRows(block, placed.rows))
    state.confirm(placed)
    const index = state.indexDue(placed.end)
    if (index !== undefined) writer.writeIndex(index)
  })
}

function isFounded(database: DevnetDatabase, genesis: GenesisParameters): boolean {
  const meta = new MetaTable(database)
  const chainId = meta.get('chainId')
  if (chainId === undefined) return false
  const { path } = database
  if (chainId !== genesis.chainId.toString()) {
    throw new ChainMismatchError({ path, what: 'chain id', stored: chainId, asked: genesis.chainId.toString() })
  }
  const digest = meta.get('genesisDigest') ?? 'none'
  const asked = genesisDigest(genesis)
  if (digest !== asked) throw new ChainMismatchError({ path, what: 'genesis accounts', stored: digest, asked })
  return true
}

function genesisDigest({ accounts, predeploys }: GenesisParameters): Hex {
  const lines = [
    ...accounts.map(({ address, balance }) => `account ${address} ${balance}`),
    ...predeploys.map(({ address, code }) => `code ${address} ${code}`),
  ]
  return keccak256Hex(new TextEncoder().encode(lines.sort().join('\n')))
}
