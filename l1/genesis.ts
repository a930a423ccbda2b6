import { privateKeyToAddress } from 'viem/accounts'
import type { Hex } from '../core/index.ts'
import type { DevnetDatabase } from '../database/index.ts'
import type { Archive, ArchivedAccount } from './archive.ts'
import type { L1Account } from './dev-accounts.ts'
import { startGenesisEngine } from './engine.ts'
import type { Journal } from './journal.ts'
import type { RpcBlock } from './rpc-shapes.ts'

interface GenesisOptions {
  database: DevnetDatabase
  archive: Archive
  journal: Journal
  accounts: readonly L1Account[]
  chainId: number
  initialTimeMs: number
  scratchDir: string
}

// Contracts that Osaka expects at fixed addresses: beacon roots (EIP-4788), block hashes (2935), withdrawal and consolidation requests (7002, 7251).
const systemContracts: readonly Hex[] = [
  '0x000f3df6d732807ef1319fb7b8bb8522d0beac02',
  '0x0000f90827f1c53a10cb7a02335b175320002935',
  '0x00000961ef480eb55e80d19ad83579a64c007002',
  '0x0000bbddc7ce488642fb579f8b00f3a590007251',
]

/** Stores block 0 and its state as the first checkpoint. */
export async function storeGenesis({
  database,
  archive,
  journal,
  accounts,
  chainId,
  initialTimeMs,
  scratchDir,
}: GenesisOptions): Promise<void> {
  const engine = await startGenesisEngine({ accounts, chainId, initialTimeMs, scratchDir })
  try {
    // EDR's own answer.
    const block = (await engine.request('eth_getBlockByNumber', ['0x0', true])) as RpcBlock
    const addresses = [...systemContracts, ...accounts.map(({ privateKey }) => privateKeyToAddress(privateKey).toLowerCase() as Hex)]
    const state = new Map<Hex, ArchivedAccount>()
    for (const address of addresses) state.set(address, await readAccount(engine, address))
    database.transaction(() => {
      archive.addBlock({ block, receipts: [] })
      archive.addCheckpoint(0, { accounts: state, slots: new Map() })
      journal.writeMeta('chainId', String(chainId))
    })
  } finally {
    await engine.close()
  }
}

/** An account as it is after the last block. */
export async function readAccount(
  engine: { request(method: string, params: readonly unknown[]): Promise<unknown> },
  address: Hex,
): Promise<ArchivedAccount> {
  const [balance, nonce, code] = await Promise.all(
    ['eth_getBalance', 'eth_getTransactionCount', 'eth_getCode'].map((method) => engine.request(method, [address, 'latest'])),
  )
  // Hex by the definition of these methods.
  return { balance: balance as Hex, nonce: nonce as Hex, code: code as Hex }
}
