import { createTx, type TypedTransaction } from '@ethereumjs/tx'
import { createAddressFromPrivateKey } from '@ethereumjs/util'
import { privateKeyToAccount } from 'viem/accounts'
import { predeployedContracts } from '../../contracts/index.ts'
import { type BlockHeader, bigintToBytes, bytesToHex, type Hex, hexToBytes, type Withdrawal } from '../../core/index.ts'
import { createL2Common } from '../chain-config.ts'
import { BlockExecution } from '../execution/block-execution.ts'
import type { BlockExecutionOptions, ExecutedBlock, TransactionOutcome } from '../execution/types.ts'
import { createGenesis } from '../genesis.ts'
import { StateStore } from '../state/state-store.ts'
import { WorldState } from '../state/world-state.ts'
import { MemoryStore } from './memory-store.ts'

export const testCommon = createL2Common(313372n)

export interface TestAccount {
  readonly key: Uint8Array
  readonly address: Hex
}

/** Deterministic accounts with 1,000 ether each in the genesis of a DevChain. */
export const testAccounts: readonly TestAccount[] = Array.from({ length: 8 }, (_, i) => {
  const key = bigintToBytes(BigInt(i + 1), 32)
  return { key, address: bytesToHex(createAddressFromPrivateKey(key).bytes) }
})

export const coinbase: Hex = '0xc01bba5e00000000000000000000000000000000'
export const inboxRoot: Hex = `0x${'1b'.repeat(32)}`
const gwei = 10n ** 9n

export interface TransactionFields {
  readonly from: TestAccount
  readonly nonce: bigint
  readonly to?: Hex
  readonly value?: bigint
  readonly data?: Hex
  readonly gasLimit?: bigint
  readonly authorizationList?: readonly Authorization[]
}

export interface Authorization {
  readonly chainId: Hex
  readonly address: Hex
  readonly nonce: Hex
  readonly yParity: Hex
  readonly r: Hex
  readonly s: Hex
}

/** An EIP-7702 authorization of `authority` to run the code of `address`. */
export async function signAuthorization(authority: TestAccount, address: Hex, nonce: bigint): Promise<Authorization> {
  const chainId = testCommon.chainId()
  const { r, s, yParity } = await privateKeyToAccount(bytesToHex(authority.key)).signAuthorization({
    address,
    chainId: Number(chainId),
    nonce: Number(nonce),
  })
  const hex = (value: bigint): Hex => (value === 0n ? '0x' : `0x${value.toString(16)}`)
  return { chainId: hex(chainId), address, nonce: hex(nonce), yParity: hex(BigInt(yParity ?? 0)), r: hex(BigInt(r)), s: hex(BigInt(s)) }
}

export function signTransaction({ from, authorizationList, ...fields }: TransactionFields): TypedTransaction {
  return createTx(
    {
      gasLimit: 1_000_000n,
      ...fields,
      type: authorizationList === undefined ? 2 : 4,
      chainId: testCommon.chainId(),
      maxFeePerGas: 100n * gwei,
      maxPriorityFeePerGas: gwei,
      ...(authorizationList && { authorizationList: [...authorizationList] }),
    },
    { common: testCommon },
  ).sign(from.key)
}

/** A chain in memory that seals whatever it is given. */
export class DevChain {
  readonly store = new MemoryStore()
  readonly stateStore = new StateStore({}, this.store)
  readonly genesis: ExecutedBlock
  readonly state: WorldState
  readonly blocks: ExecutedBlock[] = []

  private constructor(genesis: ExecutedBlock) {
    this.genesis = genesis
    this.store.add(genesis.commit)
    this.state = WorldState.at(genesis.commit.stateRoot, this.stateStore)
  }

  static async create(contracts: readonly { readonly address: Hex; readonly code: Uint8Array }[] = []): Promise<DevChain> {
    const genesis = await createGenesis({
      timestamp: 1_700_000_000n,
      accounts: testAccounts.map(({ address }) => ({ address, balance: 1000n * 10n ** 18n })),
      predeploys: [...predeployedContracts.map(({ address, code }) => ({ address, code: hexToBytes(code) })), ...contracts],
      inboxRoot,
    })
    return new DevChain(genesis)
  }

  get head(): BlockHeader {
    return (this.blocks.at(-1) ?? this.genesis).block.header
  }

  begin(options: Partial<BlockExecutionOptions> = {}): Promise<BlockExecution> {
    return BlockExecution.begin({
      common: testCommon,
      state: this.state,
      parent: this.head,
      timestamp: this.head.timestamp + 1n,
      coinbase,
      prevRandao: `0x${'7a'.repeat(32)}`,
      extraData: '0x',
      deposits: [],
      inboxRoot,
      ...options,
    })
  }

  async seal(execution: BlockExecution): Promise<ExecutedBlock> {
    const executed = await execution.seal()
    this.store.add(executed.commit)
    this.blocks.push(executed)
    return executed
  }

  /** Seals a block of these transactions; all of them must be executable. */
  async mine(
    transactions: readonly TypedTransaction[] = [],
    deposits: readonly Withdrawal[] = [],
  ): Promise<ExecutedBlock & { outcomes: readonly TransactionOutcome[] }> {
    const execution = await this.begin({ deposits })
    for (const transaction of transactions) await execution.addTransaction(transaction)
    return { ...(await this.seal(execution)), outcomes: execution.outcomes }
  }
}
