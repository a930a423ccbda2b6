import { RLP } from '@ethereumjs/rlp'
import { createTx, type TypedTxData } from '@ethereumjs/tx'
import { predeployedContracts } from '../../contracts/index.ts'
import {
  bigintToBytes,
  type Clock,
  concatBytes,
  EventBus,
  type FaultStage,
  type Hex,
  impersonationSignature,
  type Logger,
  type NodeEvents,
  type Withdrawal,
} from '../../core/index.ts'
import { type DevnetDatabase, openMemoryDatabase } from '../../database/index.ts'
import { createL2Common } from '../../stf/index.ts'
import { type TestAccount, testAccounts } from '../../stf/testing/dev-chain.ts'
import type { InboxFeed, InboxSlice } from '../blocks/inbox-feed.ts'
import type { SealerOptions } from '../blocks/sealer.ts'
import type { SealingGate } from '../blocks/sealing-gate.ts'
import { createChain, type L2Chain } from '../chain.ts'
import { chainMigrations } from '../storage/migrations.ts'

export const testChainId = 313372n
export const ether = 10n ** 18n
export const gwei = 10n ** 9n
export const testCoinbase: Hex = '0xc01bba5e00000000000000000000000000000000'
const common = createL2Common(testChainId)

export class FakeClock implements Clock {
  ms: number

  constructor(seconds: number) {
    this.ms = seconds * 1000
  }

  nowMs(): number {
    return this.ms
  }
}

/** An Inbox whose root says how many leaves it covers. */
export class FakeFeed implements InboxFeed {
  readonly deposits: Withdrawal[] = []

  push(address: Hex, amountGwei: bigint): void {
    this.deposits.push({ index: BigInt(this.deposits.length), validatorIndex: 0n, address, amountGwei })
  }

  next(consumedCount: bigint, max: number): InboxSlice {
    const deposits = this.deposits.slice(Number(consumedCount), Number(consumedCount) + max)
    const countAfter = consumedCount + BigInt(deposits.length)
    return { deposits, countAfter, rootAfter: this.rootAt(countAfter) }
  }

  rootAt(count: bigint): Hex {
    return `0x${count.toString(16).padStart(64, '1b')}`
  }
}

export const silentLog: Logger = { debug() {}, info() {}, warn() {}, error() {} }

export interface TestChainOptions {
  readonly database?: DevnetDatabase
  readonly sealing?: Partial<SealerOptions>
  readonly clock?: FakeClock
  readonly feed?: FakeFeed
  readonly chainId?: bigint
  readonly accounts?: readonly { readonly address: Hex; readonly balance: bigint }[]
  readonly predeploys?: readonly { readonly address: Hex; readonly code: Hex }[]
  readonly allowsDevBatches?: boolean
  readonly faults?: (stage: FaultStage) => void
  readonly log?: Logger
  readonly gate?: SealingGate
}

export interface TestChain extends L2Chain {
  readonly database: DevnetDatabase
  readonly clock: FakeClock
  readonly feed: FakeFeed
  readonly events: EventBus
  readonly blocks: NodeEvents['block'][]
}

/** A started chain in memory, with `testAccounts` holding 1,000 ether each. */
export async function startTestChain(options: TestChainOptions = {}): Promise<TestChain> {
  const database = options.database ?? openMemoryDatabase({ migrations: [chainMigrations] })
  const clock = options.clock ?? new FakeClock(1_800_000_000)
  const feed = options.feed ?? new FakeFeed()
  const events = new EventBus((error) => {
    throw error
  })
  const blocks: NodeEvents['block'][] = []
  events.on('block', (block) => blocks.push(block))
  const chain = await createChain(
    {
      genesis: {
        chainId: options.chainId ?? testChainId,
        timestamp: 1_700_000_000n,
        accounts: options.accounts ?? testAccounts.map(({ address }) => ({ address, balance: 1000n * ether })),
        predeploys: [...predeployedContracts, ...(options.predeploys ?? [])],
      },
      sealing: { coinbase: testCoinbase, intervalMs: 0, automine: true, ...options.sealing },
    },
    {
      ...{ database, feed, clock, events, log: options.log ?? silentLog, faults: options.faults ?? (() => undefined) },
      finality: { safe: () => 0n, finalized: () => 0n },
      allowsDevBatches: () => options.allowsDevBatches ?? true,
      gate: options.gate ?? { sealingStop: () => null },
    },
  )
  await chain.start(new AbortController().signal)
  return { ...chain, database, clock, feed, events, blocks }
}

export type Fields = { readonly from: TestAccount; readonly nonce: bigint | number } & Record<string, unknown>

/** A signed transaction's bytes; a fee market one that sends nothing to nobody unless fields say otherwise. */
export function sign({ from, ...fields }: Fields): Uint8Array {
  const data = {
    type: 2,
    chainId: testChainId,
    gasLimit: 100_000n,
    maxFeePerGas: 10n * gwei,
    maxPriorityFeePerGas: gwei,
    to: '0x00000000000000000000000000000000000000aa',
    ...fields,
  } as TypedTxData
  return createTx(data, { common }).sign(from.key).serialize()
}

export function account(index: number): TestAccount {
  const found = testAccounts[index]
  if (found === undefined) throw new RangeError(`there is no test account ${index}`)
  return found
}

/** Bytes of a fee market transaction with an impersonation of `from` in the place of its signature. */
export function signAs(from: Hex, fields: Record<string, unknown>): Uint8Array {
  const data = {
    type: 2,
    chainId: testChainId,
    gasLimit: 100_000n,
    maxFeePerGas: 10n * gwei,
    maxPriorityFeePerGas: gwei,
    to: '0x00000000000000000000000000000000000000aa',
    ...fields,
  } as TypedTxData
  const { r, s, yParity } = impersonationSignature(from)
  // The library would not take the signature; it is put behind the fields that it encodes.
  const message = createTx(data, { common }).getMessageToSign()
  const unsigned = message instanceof Uint8Array ? RLP.decode(message.subarray(1)) : message
  if (!Array.isArray(unsigned)) throw new TypeError('a typed transaction is a list')
  const number = (value: bigint): Uint8Array =>
    value === 0n ? new Uint8Array() : bigintToBytes(value, Math.ceil(value.toString(16).length / 2))
  return concatBytes(Uint8Array.of(2), RLP.encode([...unsigned, number(BigInt(yParity)), number(r), number(s)]))
}
