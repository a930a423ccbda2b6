import { Account, createAddressFromString } from '@ethereumjs/util'
import { type BlockHeader, bytesToHex, type Hex, rules } from '../core/index.ts'
import { emptyOmmersHash, emptyRequestsHash, zeroNonce } from './block/header.ts'
import { sealBlock } from './execution/seal.ts'
import type { ExecutedBlock } from './execution/types.ts'
import { StateStore } from './state/state-store.ts'
import { WorldState } from './state/world-state.ts'
import { emptyTrieRoot } from './trie/trie.ts'

export interface GenesisOptions {
  readonly timestamp: bigint
  readonly accounts: readonly { readonly address: Hex; readonly balance: bigint }[]
  /** Contracts, with nonce 1 as if they had been created. */
  readonly predeploys: readonly { readonly address: Hex; readonly code: Uint8Array }[]
  /** Root of the empty Inbox. */
  readonly inboxRoot: Hex
}

const zeroHash = bytesToHex(new Uint8Array(32))

/** Block 0 with its state, as a change of the empty state. The chain id is no part of it: it is bound by the batch digest. */
export async function createGenesis({ timestamp, accounts, predeploys, inboxRoot }: GenesisOptions): Promise<ExecutedBlock> {
  const store = new StateStore({}, { node: () => undefined, code: () => undefined })
  const state = WorldState.at(bytesToHex(emptyTrieRoot), store)
  for (const { address, balance } of accounts) {
    const target = createAddressFromString(address)
    const account = (await state.getAccount(target)) ?? new Account()
    account.balance += balance
    await state.putAccount(target, account)
  }
  for (const { address, code } of predeploys) {
    const target = createAddressFromString(address)
    await state.modifyAccountFields(target, { nonce: 1n })
    await state.putCode(target, code)
  }
  const header: BlockHeader = {
    parentHash: zeroHash,
    ommersHash: emptyOmmersHash,
    coinbase: '0x0000000000000000000000000000000000000000',
    stateRoot: zeroHash,
    transactionsRoot: zeroHash,
    receiptsRoot: zeroHash,
    logsBloom: bytesToHex(new Uint8Array(256)),
    difficulty: 0n,
    number: 0n,
    gasLimit: rules.blockGasLimit,
    gasUsed: 0n,
    timestamp,
    extraData: '0x',
    mixHash: zeroHash,
    nonce: zeroNonce,
    baseFeePerGas: rules.genesisBaseFeePerGas,
    withdrawalsRoot: zeroHash,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: inboxRoot,
    requestsHash: emptyRequestsHash,
  }
  return sealBlock({ header, included: [], withdrawals: [], commit: state.commitBlock() })
}
