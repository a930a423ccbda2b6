import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hexToBytes } from '../core/index.ts'
import { openDatabase } from '../database/index.ts'
import { chainMigrations } from '../sequencer/index.ts'
import { startTestChain } from '../sequencer/testing/test-chain.ts'
import { holder, signDeployment, signTransfers } from './token-transfers.ts'

/**
 * What a transfer takes that is sealed into a block of its own and stored on disk: decoding, sender recovery, pool, EVM, tries, block and
 * commit. No RPC, batch, guest or L1.
 */
export async function measureSealing({
  count,
  warmUp,
}: {
  count: number
  warmUp: number
}): Promise<{ perSecond: number; cpuMsEach: number; medianMs: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-bench-sealing-'))
  const database = openDatabase({ dataDir, migrations: [chainMigrations] })
  try {
    const chain = await startTestChain({ database, accounts: [{ address: holder, balance: 10n ** 22n }] })
    const chainId = Number(chain.store.chainId)
    const deployed = await chain.pool.submit(hexToBytes(await signDeployment({ chainId, nonce: 0 })))
    const to = chain.store.receipt(deployed)?.contractAddress
    if (to === undefined || to === null) throw new Error('the token was not deployed')
    const transfers = (await signTransfers({ chainId, nonce: 1, to, count: count + warmUp })).map(hexToBytes)
    for (const raw of transfers.slice(0, warmUp)) await chain.pool.submit(raw)
    const latencies: number[] = []
    const cpuBefore = process.cpuUsage()
    const startMs = performance.now()
    for (const raw of transfers.slice(warmUp)) {
      const sentMs = performance.now()
      await chain.pool.submit(raw)
      latencies.push(performance.now() - sentMs)
      chain.blocks.length = 0
    }
    const seconds = (performance.now() - startMs) / 1000
    const { user, system } = process.cpuUsage(cpuBefore)
    await chain.stop()
    latencies.sort((a, b) => a - b)
    return {
      perSecond: Math.round(count / seconds),
      cpuMsEach: Number(((user + system) / 1000 / count).toFixed(2)),
      medianMs: Number((latencies[count >> 1] ?? 0).toFixed(2)),
    }
  } finally {
    database.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
