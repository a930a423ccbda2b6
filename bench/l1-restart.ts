// How long the L1 takes to start again after many transactions: killed at the worst moment, and closed gracefully.
// Prints one JSON object. Usage: node bench/l1-restart.ts [transactions]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import type { Hex, Logger } from '../core/index.ts'
import { openDatabase } from '../database/index.ts'
import { devAccounts, l1Migrations, type StartL1Options, startL1 } from '../l1/index.ts'

const transactions = Number(process.argv[2] ?? 4_000)
const dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-bench-'))
const heldMs: number[] = []
const log: Logger = {
  debug() {},
  info(fields) {
    if ('heldMs' in fields) heldMs.push(Number(fields.heldMs))
  },
  warn(fields, message) {
    console.error(message, fields)
  },
  error(fields, message) {
    console.error(message, fields)
  },
}

async function open(options: StartL1Options = {}) {
  const startedAt = performance.now()
  const database = openDatabase({ dataDir, migrations: [l1Migrations] })
  const l1 = await startL1(options, { database, clock: { nowMs: () => Date.now() }, log })
  return { l1, database, startMs: Math.round(performance.now() - startedAt) }
}

// Stores (key, value) and logs it: a batch's life on L1 in miniature.
const initCode: Hex = '0x6016600c60003960166000f36020356000355560203560005260003560206000a100'
const account = privateKeyToAccount(devAccounts[0]?.privateKey ?? '0x')

async function fill(l1: Awaited<ReturnType<typeof open>>['l1'], calldataBytes: number) {
  const deploy = await account.signTransaction({ chainId: 31337, nonce: 0, gas: 300_000n, maxFeePerGas: 10n ** 12n, data: initCode })
  const hash = await l1.request({ method: 'eth_sendRawTransaction', params: [deploy] })
  const { contractAddress } = (await l1.request({ method: 'eth_getTransactionReceipt', params: [hash] })) as { contractAddress: Hex }
  let slowestMs = 0
  let totalMs = 0
  for (let index = 1; index < transactions; index++) {
    const data: Hex = `0x${index.toString(16).padStart(64, '0')}${'1'.padStart(64, '0')}${'ab'.repeat(calldataBytes)}`
    const raw = await account.signTransaction({
      chainId: 31337,
      nonce: index,
      gas: 500_000n,
      maxFeePerGas: 10n ** 12n,
      to: contractAddress,
      data,
    })
    const sentAt = performance.now()
    await l1.request({ method: 'eth_sendRawTransaction', params: [raw] })
    const tookMs = performance.now() - sentAt
    totalMs += tookMs
    slowestMs = Math.max(slowestMs, tookMs)
  }
  return { slowestMs: Math.round(slowestMs), meanMs: Number((totalMs / transactions).toFixed(3)) }
}

try {
  const cold = await open()
  const sending = await fill(cold.l1, 1_000)
  const filledRssMb = Math.round(process.memoryUsage().rss / 1e6)
  const journalAtKill = cold.database.sqlite.prepare('SELECT count(*) FROM l1_journal').pluck().get()
  // Without a checkpoint at the end, as after a kill.
  cold.database.close()
  const killed = await open()
  const head = Number(await killed.l1.request({ method: 'eth_blockNumber' }))
  await killed.l1.close()
  killed.database.close()
  const graceful = await open()
  const fileBytes = graceful.database.sqlite.prepare('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size').pluck().get()
  await graceful.l1.close()
  graceful.database.close()
  process.stdout.write(
    `${JSON.stringify({
      transactions,
      head,
      firstStartMs: cold.startMs,
      restartAfterKillMs: killed.startMs,
      journalAtKill,
      restartAfterCloseMs: graceful.startMs,
      checkpointHeldMs: heldMs,
      sendMeanMs: sending.meanMs,
      sendSlowestMs: sending.slowestMs,
      filledRssMb,
      databaseMb: Number(fileBytes) / 1e6,
    })}\n`,
  )
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
process.exit(0)
