// Kills prover agents and the node, which holds the broker, at random while batches are really proven and verified on L1; then looks whether anything
// was lost or done twice. Linux only. Prints what it does, and JSON at the end; ends with 1 where something is wrong.
//   npm run soak -- [--batches 20] [--agents 2] [--seed 1]
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Hex, parseAbi } from 'viem'
import { type DevnetProcess, removeDirectory, scratchDirectory, startDevnet } from '../testing/devnet-process.ts'
import { askNode, patientClient, sendWei } from '../testing/proving-devnet.ts'

const { values } = parseArgs({
  options: { batches: { type: 'string', default: '20' }, agents: { type: 'string', default: '2' }, seed: { type: 'string', default: '1' } },
})
const batches = Number(values.batches)
const receiver: Hex = '0x00000000000000000000000000000000decaf000'
const rollupAbi = parseAbi([
  'function stateRoot(uint64 number) view returns (bytes32)',
  'event BatchProven(uint64 indexed number, bytes32 indexed batchHash, bytes32 indexed digest)',
  'event BatchExecuted(uint64 indexed number, bytes32 indexed batchHash, bytes32 stateRoot, bytes32 messagesRoot)',
])
const args = ['--proofs', 'stark', '--agents', values.agents, '--batch-max-age-ms', '100', '--balance', '1000']

interface Batch {
  readonly number: Hex
  readonly status: string
  readonly proofType: string
}

/** xorshift32. */
let state = Number(values.seed) || 1
function random(): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) / 2 ** 32
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
async function statusOf(devnet: DevnetProcess, number: number): Promise<string | undefined> {
  const batch = await askNode<Batch | null>(devnet, 'zkdevnet_getBatch', [`0x${number.toString(16)}`])
  return batch?.status
}

const dataDir = scratchDirectory()
const startedMs = Date.now()
const say = (what: string): void => console.error(`${((Date.now() - startedMs) / 1e3).toFixed(1).padStart(7)} s  ${what}`)
const kills = { node: 0, agent: 0 }
let sent = 0
let devnet = await startDevnet({ dataDir, args })

/** The processes of agents now: the node starts another for each that ended. */
function agents(): number[] {
  const { pid } = devnet.child
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
  return children.filter((child) => child > 0 && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('prover/agent/main.ts'))
}

async function disturb(): Promise<void> {
  if (random() < 0.25) {
    kills.node++
    say('kills the node')
    await devnet.kill()
    devnet = await startDevnet({ dataDir, args })
    return
  }
  const pids = agents()
  const pid = pids[Math.floor(random() * pids.length)]
  if (pid === undefined) return
  kills.agent++
  say(`kills the agent ${pid}`)
  process.kill(pid, 'SIGKILL')
}

for (let number = 1; number <= batches; number++) {
  await sendWei(devnet, receiver)
  sent++
  // Any time between the seal of the batch and some seconds after it was proven.
  let disturbAfterMs = random() < 0.7 ? random() * 12_000 : Number.POSITIVE_INFINITY
  const sinceMs = Date.now()
  while ((await statusOf(devnet, number)) !== 'executed') {
    if (Date.now() - sinceMs > disturbAfterMs) {
      disturbAfterMs = Number.POSITIVE_INFINITY
      await disturb()
    }
    await pause(100)
  }
  say(`batch ${number} is executed`)
}

const l1 = patientClient(devnet.ready.l1Url)
const problems: string[] = []
for (const eventName of ['BatchProven', 'BatchExecuted'] as const) {
  const events = await l1.getContractEvents({
    address: devnet.ready.contracts.rollup,
    abi: rollupAbi,
    eventName,
    fromBlock: 0n,
    strict: true,
  })
  const numbers = events.map(({ args: { number } }) => Number(number)).filter((number) => number > 0)
  const expected = Array.from({ length: batches }, (_, index) => index + 1)
  if (numbers.join() !== expected.join()) problems.push(`${eventName}: ${numbers.join()}`)
}
for (let number = 1; number <= batches; number++) {
  const { proofType } = await askNode<Batch>(devnet, 'zkdevnet_getBatch', [`0x${number.toString(16)}`])
  if (proofType !== 'stark') problems.push(`batch ${number} is ${proofType}`)
}
const received = await patientClient(devnet.ready.l2Url).getBalance({ address: receiver })
if (received !== BigInt(sent)) problems.push(`${sent} wei were sent and ${received} received`)
const final = await patientClient(devnet.ready.l2Url).getBlock({ blockTag: 'finalized' })
const root = await l1.readContract({
  address: devnet.ready.contracts.rollup,
  abi: rollupAbi,
  functionName: 'stateRoot',
  args: [BigInt(batches)],
})
if (root !== final.stateRoot) problems.push(`L1 has the state root ${root} and the L2 ${final.stateRoot}`)
if (kills.agent === 0 || kills.node === 0) problems.push('nothing was killed: take another seed')
await devnet.stop()
removeDirectory(dataDir)
console.log(
  JSON.stringify({ soak: 'kill-provers', batches, kills, seconds: Math.round((Date.now() - startedMs) / 1e3), problems }, null, 2),
)
process.exitCode = problems.length === 0 ? 0 : 1
