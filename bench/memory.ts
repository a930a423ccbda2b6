// Growth of the resident memory of all processes over many transactions. Prints JSON.
//   npm run bench:memory -- [--count 20000]
import { parseArgs } from 'node:util'
import { machine, residentMiB } from './machine.ts'
import { startZkdevnet } from './peers.ts'
import { BenchClient } from './rpc-client.ts'

const { values } = parseArgs({ options: { count: { type: 'string', default: '20000' } } })
const count = Number(values.count)
const warmUp = 2_000
const sample = 2_000

const devnet = await startZkdevnet()
const client = new BenchClient(devnet.url)
const [from] = await client.call<string[]>('eth_accounts', [])

async function send(times: number, offset: number): Promise<void> {
  for (let index = 0; index < times; index++) {
    const to = `0x${(0xfeed000000n + BigInt(offset + index)).toString(16).padStart(40, '0')}`
    await client.call('eth_sendTransaction', [{ from, to, value: '0x1', gas: '0x5208' }])
  }
}

await send(warmUp, 0)
const samplesMiB = [Math.round(residentMiB(devnet.pid))]
const start = performance.now()
for (let sent = 0; sent < count; sent += sample) {
  await send(Math.min(sample, count - sent), warmUp + sent)
  samplesMiB.push(Math.round(residentMiB(devnet.pid)))
}
const perSecond = Math.round(count / ((performance.now() - start) / 1000))
client.close()
await devnet.stop()
const growthMiB = (samplesMiB.at(-1) ?? 0) - (samplesMiB[0] ?? 0)
console.log(JSON.stringify({ bench: 'memory', machine: machine(), count, perSecond, samplesMiB, growthMiB }, null, 2))
