import { encodeAbiParameters, getContractAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { Hex, Logger } from '../../core/index.ts'
import { devAccounts } from '../dev-accounts.ts'
import type { DevL1 } from '../dev-l1.ts'

// Contracts in bare bytecode, so that the tests of the L1 need no compiler, and what a test asks a chain for.

/**
 * Constructor: slot 5 = 42, slot 6 = 7; reads slot 1, stores in slot 2 the zero that is there, and in slot 3 a value that it takes back.
 * Call with (key, value): stores the value and logs it under the topic `key`.
 */
export const storeInitCode: Hex =
  '0x602a6005556007600655600154506000600255600960035560006003556016602960003960166000f36020356000355560203560005260003560206000a100'

/** Creates a contract from its calldata and returns the address. */
export const factoryInitCode: Hex = '0x6014600c60003960146000f33660006000373660006000f060005260206000f3'

/** CREATE2 with init code, salt 0 and the value that it is called with, then calls an address; both come in the calldata: the code, then 32 bytes. */
export const create2InitCode: Hex = '0x601a600a5f39601a5ff3365f5f375f602036035f34f5505f5f5f5f5f60203603355af100'

/** Constructor: without value it reads slot 1 and reverts. Then like the store. */
export const paidStoreInitCode: Hex = '0x346009576001545ffd5b601660145f3960165ff36020356000355560203560005260003560206000a100'

/** Call: slot `block number` = PREVRANDAO, slot `not block number` = hash of the block before. */
export const oracleInitCode: Hex = '0x600c600c600039600c6000f3444355600143034043195500'

export const silentLog: Logger = { debug() {}, info() {}, warn() {}, error() {} }

export const clockAt = (start: number) => ({
  ms: start,
  nowMs() {
    return this.ms
  },
})

export const keys = devAccounts.map(({ privateKey }) => privateKey)
export const addresses = keys.map((key) => privateKeyToAccount(key).address.toLowerCase() as Hex)

export function storeCall(key: bigint, value: bigint): Hex {
  return encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [key, value])
}

export function contractOf(from: Hex, nonce: bigint): Hex {
  return getContractAddress({ from, nonce }).toLowerCase() as Hex
}

export interface Sending {
  from?: number
  to?: Hex
  data?: Hex
  value?: bigint
  gas?: bigint
}

/** Signs with the account's next nonce and sends. */
export async function send(l1: DevL1, { from = 0, to, data = '0x', value = 0n, gas = 500_000n }: Sending): Promise<Hex> {
  const account = privateKeyToAccount(keys[from] ?? '0x')
  const nonce = Number(await l1.request({ method: 'eth_getTransactionCount', params: [account.address, 'pending'] }))
  const raw = await account.signTransaction({
    chainId: l1.chainId,
    nonce,
    gas,
    maxFeePerGas: 100n * 10n ** 9n,
    maxPriorityFeePerGas: 1n,
    data,
    value,
    ...(to === undefined ? {} : { to }),
  })
  return (await l1.request({ method: 'eth_sendRawTransaction', params: [raw] })) as Hex
}

export async function blockNumber(l1: DevL1): Promise<number> {
  return Number(await l1.request({ method: 'eth_blockNumber' }))
}

/** Everything that a client can see of the chain's past, and the present state of `contracts` and of all accounts. */
export async function observe(l1: DevL1, contracts: ReadonlyMap<Hex, readonly string[]>): Promise<unknown> {
  const head = await blockNumber(l1)
  const blocks: unknown[] = []
  for (let number = 0; number <= head; number++) {
    const block = (await l1.request({ method: 'eth_getBlockByNumber', params: [`0x${number.toString(16)}`, true] })) as {
      hash: Hex
      transactions: { hash: Hex }[]
    }
    const receipts = await Promise.all(
      block.transactions.map(({ hash }) => l1.request({ method: 'eth_getTransactionReceipt', params: [hash] })),
    )
    const byHash = await Promise.all(
      block.transactions.map(({ hash }) => l1.request({ method: 'eth_getTransactionByHash', params: [hash] })),
    )
    const again = await l1.request({ method: 'eth_getBlockByHash', params: [block.hash, false] })
    blocks.push({ block, receipts, byHash, again })
  }
  const state: unknown[] = []
  for (const address of [...addresses, ...contracts.keys()]) {
    for (const method of ['eth_getBalance', 'eth_getTransactionCount', 'eth_getCode']) {
      state.push([address, method, await l1.request({ method, params: [address, 'latest'] })])
    }
    for (const slot of contracts.get(address) ?? []) {
      state.push([address, slot, await l1.request({ method: 'eth_getStorageAt', params: [address, slot, 'latest'] })])
    }
  }
  const logs = await l1.request({ method: 'eth_getLogs', params: [{ fromBlock: '0x0', toBlock: 'latest' }] })
  const pending = await l1.request({ method: 'eth_pendingTransactions' })
  return { head, blocks, state, logs, pending }
}
