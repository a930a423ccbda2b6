// Sequential ERC-20 transfers with automine, one connection, side by side with hardhat node and anvil in one run, through @ethereumjs/vm alone, and
// sealed without RPC. Prints JSON.
//   npm run bench:rpc -- [--count 2000] [--rounds 2] [--peers zkdevnet,hardhat,anvil] [--profile <directory>]
import { loadavg } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Hex } from 'viem'
import { measureBareEvm } from './bare-evm.ts'
import { cpuMs, machine } from './machine.ts'
import { type Peer, startAnvil, startHardhatNode, startZkdevnet } from './peers.ts'
import { BenchClient } from './rpc-client.ts'
import { measureSealing } from './sealing-alone.ts'
import { balanceCall, holder, signDeployment, signTransfers } from './token-transfers.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '2' },
    peers: { type: 'string', default: 'zkdevnet,hardhat,anvil' },
    /** Where to put a CPU profile of zkdevnet's processes. */
    profile: { type: 'string' },
  },
})
const phases = ['sends', 'ethCalls', 'getBalances'] as const
const count = Number(values.count)
const rounds = Number(values.rounds)
const warmUp = 300
const minedWithinMs = 30_000
const executedWithinMs = 300_000

/** CPU time beside the rate: on a machine that others use too, it is what repeats. */
interface Rate {
  readonly perSecond: number
  readonly cpuMsEach: number
  /** Without worker threads, the compiler's and the garbage collector's. */
  readonly mainThreadCpuMsEach: number
  /** Of the processes that the peer started. */
  readonly helperCpuMsEach: number
}

/** What the sends leave to be done: batches, the guest's runs, the way to L1. */
interface Settling {
  /** From the last receipt until all of it was executed on L1. */
  readonly untilExecutedMs: number
  /** From the first send until then, all processes. */
  readonly cpuMsEach: number
}

interface Rates {
  readonly sends: Rate
  readonly settling?: Settling
  readonly ethCalls: Rate
  readonly getBalances: Rate
}

async function timed(pid: number, call: (index: number) => Promise<unknown>): Promise<Rate> {
  const cpuBefore = cpuMs(pid)
  const startMs = performance.now()
  for (let index = 0; index < count; index++) await call(index)
  const seconds = (performance.now() - startMs) / 1000
  const cpuAfter = cpuMs(pid)
  return {
    perSecond: count / seconds,
    cpuMsEach: (cpuAfter.own - cpuBefore.own) / count,
    mainThreadCpuMsEach: (cpuAfter.mainThread - cpuBefore.mainThread) / count,
    helperCpuMsEach: (cpuAfter.descendants - cpuBefore.descendants) / count,
  }
}

async function untilMined(client: BenchClient, hash: Hex): Promise<{ status: Hex; contractAddress: Hex }> {
  const startedMs = performance.now()
  while (performance.now() - startedMs < minedWithinMs) {
    const receipt = await client.call<{ status: Hex; contractAddress: Hex } | null>('eth_getTransactionReceipt', [hash])
    if (receipt !== null) return receipt
    await wait(5)
  }
  throw new Error(`not mined within ${minedWithinMs} ms: ${hash}`)
}

async function settle(peer: Peer, client: BenchClient, cpuBefore: ReturnType<typeof cpuMs>): Promise<Settling> {
  const startedMs = performance.now()
  const head = await client.call<Hex>('eth_blockNumber', [])
  for (;;) {
    const { number } = await client.call<{ number: Hex }>('eth_getBlockByNumber', ['finalized', false])
    if (BigInt(number) >= BigInt(head)) break
    if (performance.now() - startedMs > executedWithinMs) throw new Error(`not executed within ${executedWithinMs} ms`)
    await wait(50)
  }
  const untilExecutedMs = performance.now() - startedMs
  const { own, descendants } = cpuMs(peer.pid)
  return { untilExecutedMs, cpuMsEach: (own + descendants - cpuBefore.own - cpuBefore.descendants) / count }
}

async function measure(peer: Peer): Promise<Rates> {
  const client = new BenchClient(peer.url)
  const chainId = Number(await client.call<Hex>('eth_chainId', []))
  const nonce = Number(await client.call<Hex>('eth_getTransactionCount', [holder, 'latest']))
  const deploymentHash = await client.call<Hex>('eth_sendRawTransaction', [await signDeployment({ chainId, nonce })])
  const { contractAddress: to } = await untilMined(client, deploymentHash)
  const signed = await signTransfers({ chainId, nonce: nonce + 1, to, count: count + warmUp })
  for (const raw of signed.slice(0, warmUp)) await client.call('eth_sendRawTransaction', [raw])
  const cpuBefore = cpuMs(peer.pid)
  // anvil answers before it mines, so the clock stops when the last receipt is there.
  const sends = await timed(peer.pid, async (index) => {
    const hash = await client.call<Hex>('eth_sendRawTransaction', [signed[warmUp + index]])
    if (index < count - 1) return
    const { status } = await untilMined(client, hash)
    if (status !== '0x1') throw new Error(`${peer.name}: the last transfer failed`)
  })
  const settling = peer.settles ? await settle(peer, client, cpuBefore) : undefined
  const ethCalls = await timed(peer.pid, () => client.call('eth_call', [balanceCall(to), 'latest']))
  const getBalances = await timed(peer.pid, () => client.call('eth_getBalance', [holder, 'latest']))
  client.close()
  return { sends, ...(settling && { settling }), ethCalls, getBalances }
}

const starters: Record<string, () => Promise<Peer>> = {
  zkdevnet: () =>
    startZkdevnet({
      nodeArgs: values.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${values.profile}`],
    }),
  hardhat: startHardhatNode,
  anvil: startAnvil,
}
const results: Record<string, Rates[]> = {}
const failures: Record<string, string> = {}
for (let round = 0; round < rounds; round++) {
  for (const name of values.peers.split(',')) {
    const startPeer = starters[name]
    if (startPeer === undefined) throw new Error(`no such peer: ${name}`)
    const peer = await startPeer()
    try {
      results[name] = [...(results[name] ?? []), await measure(peer)]
    } catch (error) {
      // A peer that gives up, as anvil sometimes does, does not take the other figures with it.
      failures[name] = error instanceof Error ? error.message : String(error)
    } finally {
      await peer.stop()
    }
  }
}

type Phase = (typeof phases)[number]

function mean(rates: readonly Rates[], key: Phase): Rate {
  const average = (field: keyof Rate) => rates.reduce((sum, rate) => sum + rate[key][field], 0) / rates.length
  return {
    perSecond: Math.round(average('perSecond')),
    cpuMsEach: Number(average('cpuMsEach').toFixed(2)),
    mainThreadCpuMsEach: Number(average('mainThreadCpuMsEach').toFixed(2)),
    helperCpuMsEach: Number(average('helperCpuMsEach').toFixed(2)),
  }
}

function meanSettling(rates: readonly Rates[]): Settling | undefined {
  const settled = rates.flatMap(({ settling }) => settling ?? [])
  if (settled.length === 0) return undefined
  const average = (field: keyof Settling) => settled.reduce((sum, settling) => sum + settling[field], 0) / settled.length
  return { untilExecutedMs: Math.round(average('untilExecutedMs')), cpuMsEach: Number(average('cpuMsEach').toFixed(2)) }
}

const perPeer = Object.fromEntries(
  Object.entries(results).map(([name, rates]) => [
    name,
    { ...Object.fromEntries(phases.map((phase) => [phase, mean(rates, phase)])), settling: meanSettling(rates) },
  ]),
)
const ratio = (phase: Phase, peer: string) =>
  Number((mean(results.zkdevnet ?? [], phase).perSecond / mean(results[peer] ?? [], phase).perSecond).toFixed(2))
const ratioToPeer = Object.fromEntries(
  Object.keys(results)
    .filter((peer) => peer !== 'zkdevnet')
    .map((peer) => [peer, Object.fromEntries(phases.map((phase) => [phase, ratio(phase, peer)]))]),
)
const bareEvmSends = await measureBareEvm({ count, warmUp })
const sealedWithoutRpc = await measureSealing({ count, warmUp })
const loadAverage = loadavg().map((load) => Number(load.toFixed(1)))
console.log(
  JSON.stringify(
    { bench: 'rpc', machine: machine(), loadAverage, count, rounds, perPeer, bareEvmSends, sealedWithoutRpc, ratioToPeer, failures },
    null,
    2,
  ),
)
