// From sending ERC-20 transfers to their batch executed on L1, which has verified its STARK: seconds by phase, gas by step. Prints JSON.
//   npm run bench:e2e -- [--transactions 1,6] [--kernels auto,wasm]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Hex } from '../core/index.ts'
import { startDevnet } from '../test/testing/devnet-process.ts'
import { machine } from './machine.ts'
import { BenchClient } from './rpc-client.ts'
import { holder, signDeployment, signTransfers } from './token-transfers.ts'

const { values } = parseArgs({ options: { transactions: { type: 'string', default: '1' }, kernels: { type: 'string', default: 'auto' } } })
const pollMs = 50

interface BatchJson {
  readonly status: 'sealed' | 'committed' | 'proven' | 'executed'
  readonly provingMs: Hex | null
  readonly proofBytes: Hex | null
  readonly proofSegments: Hex | null
  readonly verification: readonly { readonly gasUsed: Hex }[]
  readonly commit: { readonly gasUsed: Hex } | null
  readonly prove: { readonly gasUsed: Hex } | null
  readonly execute: { readonly gasUsed: Hex } | null
}

const gasOf = (step: { readonly gasUsed: Hex } | null): number => Number(step?.gasUsed ?? 0)

/** Follows a batch up to its execution: seconds since `startMs` at which it was first seen in each state, and at which its proof was there. */
async function follow(client: BenchClient, number: Hex, startMs: number) {
  const seenAt: Record<string, number> = {}
  for (;;) {
    const batch = await client.call<BatchJson>('zkdevnet_getBatch', [number])
    const seconds = Number(((performance.now() - startMs) / 1000).toFixed(2))
    seenAt[batch.status] ??= seconds
    if (batch.provingMs !== null) seenAt.proof ??= seconds
    if (batch.status === 'executed') return { batch, seenAt }
    await wait(pollMs)
  }
}

async function measure(kernels: string, counts: readonly number[]) {
  const dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-bench-'))
  const devnet = await startDevnet({
    dataDir,
    entry: 'cli/bin.mjs',
    args: ['--proofs', 'stark', '--batch-max-age-ms', '0', '--quiet'],
    env: { ZKDEVNET_KERNELS: kernels },
  })
  const client = new BenchClient(devnet.ready.l2Url)
  try {
    const chainId = Number(await client.call<Hex>('eth_chainId', []))
    const nonceNow = async () => Number(await client.call<Hex>('eth_getTransactionCount', [holder, 'latest']))
    const hash = await client.call<Hex>('eth_sendRawTransaction', [await signDeployment({ chainId, nonce: await nonceNow() })])
    const { contractAddress } = await client.call<{ contractAddress: Hex }>('eth_getTransactionReceipt', [hash])
    // The prover has its keys in memory after the first batch.
    await follow(client, await client.call<Hex>('zkdevnet_sealBatch', []), performance.now())
    const batches = []
    for (const count of counts) {
      const transfers = await signTransfers({ chainId, nonce: await nonceNow(), to: contractAddress, count })
      const startMs = performance.now()
      for (const transfer of transfers) await client.call('eth_sendRawTransaction', [transfer])
      const number = await client.call<Hex>('zkdevnet_sealBatch', [])
      const { batch, seenAt } = await follow(client, number, startMs)
      const verification = batch.verification.map(gasOf)
      const gas = { commit: gasOf(batch.commit), verification, prove: gasOf(batch.prove), execute: gasOf(batch.execute) }
      const total = gas.commit + gas.prove + gas.execute + verification.reduce((sum, each) => sum + each, 0)
      batches.push({
        transactions: count,
        seconds: seenAt,
        provingSeconds: Number((Number(batch.provingMs ?? 0) / 1000).toFixed(2)),
        proofBytes: Number(batch.proofBytes ?? 0),
        segments: Number(batch.proofSegments ?? 0),
        l1Gas: { ...gas, total, perTransaction: Math.round(total / count) },
      })
      // So that a run that is cut short says what it has.
      process.stderr.write(`${JSON.stringify(batches.at(-1))}\n`)
    }
    return { kernels, batches }
  } finally {
    client.close()
    await devnet.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const before = machine()
const counts = values.transactions.split(',').map(Number)
const results = []
for (const kernels of values.kernels.split(',')) results.push(await measure(kernels, counts))
process.stdout.write(`${JSON.stringify({ machine: before, results }, null, 2)}\n`)
