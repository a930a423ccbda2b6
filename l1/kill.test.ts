import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Hex } from '../core/index.ts'
import { openDatabase } from '../database/index.ts'
import { l1Migrations, startL1 } from './index.ts'
import { addresses, blockNumber, clockAt, observe, send, silentLog } from './testing/chain.ts'

const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href)

// Sends transactions, prints the hash of each that was answered, and dies at the given stage.
const victim = (dataDir: string, fault: string) => `
  import { openDatabase } from ${here('../database/index.ts')}
  import { l1Migrations, startL1 } from ${here('./index.ts')}
  import { addresses, clockAt, send, silentLog } from ${here('./testing/chain.ts')}
  const fault = ${JSON.stringify(fault)}
  let sent = 0
  const die = (stage) => { if (stage === fault && sent >= 8) process.kill(process.pid, 'SIGKILL') }
  const database = openDatabase({ dataDir: ${JSON.stringify(dataDir)}, migrations: [l1Migrations] })
  const l1 = await startL1({}, { database, clock: clockAt(1_800_000_000_000), log: silentLog, faults: die, onCheckpointStep: die })
  for (;;) {
    const hash = await send(l1, { to: addresses[1], value: 1n })
    sent += 1
    process._rawDebug(hash)
    if (sent === 5) await l1.checkpoint()
    if (sent === 10 && (fault === 'prepared' || fault === 'stored')) await l1.checkpoint()
    die('answered')
  }`

it.each([
  ['executed but not journaled', 'l1 executed', 0],
  ['journaled but not answered', 'l1 journal written', 1],
  ['answered', 'answered', 0],
  ['copied for a checkpoint', 'prepared', 0],
  ['stored as a checkpoint', 'stored', 0],
])(
  'a process that is killed when a transaction is %s loses nothing that was answered and does nothing twice',
  async (_case, fault, unanswered) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-kill-'))
    try {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', victim(dataDir, fault)], {
        stdio: ['ignore', 'inherit', 'pipe'],
      })
      let output = ''
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
      const [, signal] = await once(child, 'close')
      expect({ signal, output }).toMatchObject({ signal: 'SIGKILL' })
      const answered = output.match(/^0x[0-9a-f]{64}$/gm) ?? []
      expect(answered.length).toBeGreaterThanOrEqual(8)

      const open = () => openDatabase({ dataDir, migrations: [l1Migrations] })
      const start = (database: ReturnType<typeof open>) => startL1({}, { database, clock: clockAt(1_800_000_100_000), log: silentLog })
      const database = open()
      const l1 = await start(database)
      expect(await blockNumber(l1)).toBe(answered.length + unanswered)
      for (const [index, hash] of answered.entries()) {
        const receipt = await l1.request({ method: 'eth_getTransactionReceipt', params: [hash] })
        expect(receipt).toMatchObject({ status: '0x1', blockNumber: `0x${(index + 1).toString(16)}` })
      }
      const nonce = await l1.request({ method: 'eth_getTransactionCount', params: [addresses[0], 'latest'] })
      expect(Number(nonce)).toBe(answered.length + unanswered)
      const balance = (await l1.request({ method: 'eth_getBalance', params: [addresses[1], 'latest'] })) as Hex
      expect(BigInt(balance) - 10_000n * 10n ** 18n).toBe(BigInt(answered.length + unanswered))

      await send(l1, { to: addresses[1] ?? '0x', value: 1n })
      const before = await observe(l1, new Map())
      await l1.close()
      database.close()
      const again = open()
      const reopened = await start(again)
      expect(await observe(reopened, new Map())).toEqual(before)
      await reopened.close()
      again.close()
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
)
