import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openDatabase } from '../database/index.ts'
import { chainMigrations } from '../sequencer/index.ts'
import { account, sign, startTestChain } from '../sequencer/testing/test-chain.ts'
import { callData, initCode, tokenCode } from '../stf/testing/contracts.ts'

// Sequential ERC-20-like transfers to fresh addresses, a block each, with SQLite on disk. Prints JSON.
// node --expose-gc --max-old-space-size=1024 --max-semi-space-size=8 bench/seal.ts [transactions]

const total = Number(process.argv[2] ?? 20_000)
const warmUp = 500
const dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-bench-seal-'))
const database = openDatabase({ dataDir, migrations: [chainMigrations] })

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10

async function memory(): Promise<{ heapMb: number; rssMb: number }> {
  // Buffers outside of the heap are given back a turn after their owners are collected.
  for (let round = 0; round < 2; round++) {
    globalThis.gc?.()
    await nextTurn()
  }
  const { heapUsed, rss, arrayBuffers } = process.memoryUsage()
  return { heapMb: megabytes(heapUsed + arrayBuffers), rssMb: megabytes(rss) }
}

try {
  const chain = await startTestChain({ database })
  chain.blocks.length = 0
  const deployed = await chain.pool.submit(
    sign({ from: account(0), nonce: 0, to: undefined, data: initCode(tokenCode), gasLimit: 200_000n }),
  )
  const token = chain.store.receipt(deployed)?.contractAddress
  const transfer = (nonce: number): Uint8Array =>
    sign({ from: account(0), nonce, to: token, data: callData(BigInt(nonce) * 7_919n + 2n ** 100n, 1n) })
  const raws = Array.from({ length: warmUp + total }, (_, i) => transfer(i + 1))
  for (const raw of raws.slice(0, warmUp)) await chain.pool.submit(raw)
  chain.blocks.length = 0

  const before = await memory()
  const latencies: number[] = []
  const startedMs = performance.now()
  for (const raw of raws.slice(warmUp)) {
    const sentMs = performance.now()
    await chain.pool.submit(raw)
    latencies.push(performance.now() - sentMs)
    chain.blocks.length = 0
  }
  const seconds = (performance.now() - startedMs) / 1000
  const after = await memory()
  latencies.sort((a, b) => a - b)
  const quantile = (q: number): number => Math.round((latencies[Math.floor(q * (latencies.length - 1))] ?? 0) * 100) / 100
  console.log(
    JSON.stringify({
      bench: 'seal',
      transactions: total,
      perSecond: Math.round(total / seconds),
      latencyMs: { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) },
      before,
      after,
      growthMb: { heap: Math.round(after.heapMb - before.heapMb), rss: Math.round(after.rssMb - before.rssMb) },
      databaseMb: megabytes(statSync(join(dataDir, 'devnet.sqlite')).size),
    }),
  )
  await chain.stop()
} finally {
  database.close()
  rmSync(dataDir, { recursive: true, force: true })
}
