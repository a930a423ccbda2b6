// Cold start, restart after many batches, idle memory. Prints JSON.
//   npm run bench:boot -- [--batches 1000] [--rounds 3]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Hex } from '../core/index.ts'
import { type DevnetProcess, startDevnet } from '../test/testing/devnet-process.ts'
import { machine, residentMiB } from './machine.ts'
import { BenchClient } from './rpc-client.ts'

const { values } = parseArgs({ options: { batches: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '3' } } })
const batches = Number(values.batches)
const rounds = Number(values.rounds)

async function timedStart(dataDir: string): Promise<{ devnet: DevnetProcess; ms: number }> {
  const start = performance.now()
  const devnet = await startDevnet({ dataDir, entry: 'cli/bin.mjs', args: ['--proofs', 'attested', '--batch-max-age-ms', '0', '--quiet'] })
  const client = new BenchClient(devnet.ready.l2Url)
  await client.call<Hex>('eth_blockNumber', [])
  client.close()
  return { devnet, ms: Math.round(performance.now() - start) }
}

const coldMs: number[] = []
const dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-bench-'))
for (let round = 0; round < rounds; round++) {
  rmSync(dataDir, { recursive: true, force: true })
  const { devnet, ms } = await timedStart(dataDir)
  coldMs.push(ms)
  if (round < rounds - 1) await devnet.stop()
  else await fill(devnet)
}

/** One transaction per batch, each through to L1. */
async function fill(devnet: DevnetProcess): Promise<void> {
  const idleMiB = await idleMemory(devnet)
  const client = new BenchClient(devnet.ready.l2Url)
  const [from, to] = devnet.ready.accounts
  const start = performance.now()
  for (let batch = 0; batch < batches; batch++) {
    await client.call('eth_sendTransaction', [{ from: from?.address, to: to?.address, value: '0x1' }])
    await client.call('zkdevnet_sealBatch', [])
  }
  const head = await client.call<Hex>('eth_blockNumber', [])
  for (;;) {
    const finalized = await client.call<{ number: Hex }>('eth_getBlockByNumber', ['finalized', false])
    if (BigInt(finalized.number) >= BigInt(head)) break
    await wait(100)
  }
  const batchesPerSecond = batches / ((performance.now() - start) / 1000)
  client.close()
  const fullMiB = Math.round(residentMiB(devnet.child.pid ?? 0))
  // Like a crash: the graceful end could prepare the restart.
  await devnet.kill()
  const restartMs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const restarted = await timedStart(dataDir)
    restartMs.push(restarted.ms)
    await restarted.devnet.kill()
  }
  rmSync(dataDir, { recursive: true, force: true })
  const result = {
    bench: 'boot',
    machine: machine(),
    coldMs,
    idleMiB,
    batches,
    batchesPerSecond: Number(batchesPerSecond.toFixed(1)),
    memoryAfterBatchesMiB: fullMiB,
    restartAfterKillMs: restartMs,
  }
  console.log(JSON.stringify(result, null, 2))
}

async function idleMemory(devnet: DevnetProcess): Promise<number> {
  await wait(3_000)
  return Math.round(residentMiB(devnet.child.pid ?? 0))
}
