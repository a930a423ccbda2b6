// Sequential ERC-20 transfers with automine, one connection, side by side with hardhat node and anvil in one run. Prints JSON.
//   npm run bench:rpc -- [--count 2000] [--rounds 2]
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { encodeDeployData, encodeFunctionData, type Hex, parseAbi } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { compile } from '../examples/viem/compile.ts'
import { machine } from './machine.ts'
import { type Peer, startAnvil, startHardhatNode, startZkdevnet } from './peers.ts'
import { BenchClient } from './rpc-client.ts'

const { values } = parseArgs({ options: { count: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '2' } } })
const count = Number(values.count)
const rounds = Number(values.rounds)
const warmUp = 300

const account = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: 4 })
const tokenAbi = parseAbi([
  'function transfer(address to, uint256 value) returns (bool)',
  'function balanceOf(address) view returns (uint256)',
])
const token = compile('Token.sol', 'Token')

interface Rates {
  sendsPerSecond: number
  ethCallsPerSecond: number
  getBalancesPerSecond: number
}

async function timed(times: number, call: (index: number) => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint()
  for (let index = 0; index < times; index++) await call(index)
  return times / (Number(process.hrtime.bigint() - start) / 1e9)
}

async function untilMined(client: BenchClient, hash: Hex): Promise<{ status: Hex; contractAddress: Hex }> {
  for (;;) {
    const receipt = await client.call<{ status: Hex; contractAddress: Hex } | null>('eth_getTransactionReceipt', [hash])
    if (receipt !== null) return receipt
    await wait(5)
  }
}

async function measure(peer: Peer): Promise<Rates> {
  const client = new BenchClient(peer.url)
  const chainId = Number(await client.call<Hex>('eth_chainId', []))
  const fees = { chainId, maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n, type: 'eip1559' as const }
  let nonce = Number(await client.call<Hex>('eth_getTransactionCount', [account.address, 'latest']))
  const deployment = await account.signTransaction({
    ...fees,
    nonce: nonce++,
    gas: 3_000_000n,
    data: encodeDeployData({ abi: token.abi, bytecode: token.bytecode, args: [10n ** 24n] }),
  })
  const deploymentHash = await client.call<Hex>('eth_sendRawTransaction', [deployment])
  const { contractAddress: to } = await untilMined(client, deploymentHash)

  const signed: Hex[] = []
  for (let index = 0; index < count + warmUp; index++) {
    const recipient: Hex = `0x${(0xc0ffee0000n + BigInt(index)).toString(16).padStart(40, '0')}`
    signed.push(
      await account.signTransaction({
        ...fees,
        to,
        nonce: nonce++,
        gas: 100_000n,
        data: encodeFunctionData({ abi: tokenAbi, functionName: 'transfer', args: [recipient, 1n] }),
      }),
    )
  }
  for (const raw of signed.slice(0, warmUp)) await client.call('eth_sendRawTransaction', [raw])
  // anvil answers before it mines, so the clock stops when the last receipt is there.
  const sendsPerSecond = await timed(count, async (index) => {
    const hash = await client.call<Hex>('eth_sendRawTransaction', [signed[warmUp + index]])
    if (index < count - 1) return
    const { status } = await untilMined(client, hash)
    if (status !== '0x1') throw new Error(`${peer.name}: the last transfer failed`)
  })

  const balanceOf = { to, data: encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [account.address] }) }
  const ethCallsPerSecond = await timed(count, () => client.call('eth_call', [balanceOf, 'latest']))
  const getBalancesPerSecond = await timed(count, () => client.call('eth_getBalance', [account.address, 'latest']))
  client.close()
  return { sendsPerSecond, ethCallsPerSecond, getBalancesPerSecond }
}

const starters = [startZkdevnet, startHardhatNode, startAnvil]
const results: Record<string, Rates[]> = {}
for (let round = 0; round < rounds; round++) {
  for (const startPeer of starters) {
    const peer = await startPeer()
    try {
      results[peer.name] = [...(results[peer.name] ?? []), await measure(peer)]
    } finally {
      await peer.stop()
    }
  }
}

const mean = (rates: Rates[], key: keyof Rates) => rates.reduce((sum, rate) => sum + rate[key], 0) / rates.length
const summary = Object.fromEntries(
  Object.entries(results).map(([name, rates]) => [
    name,
    {
      sendsPerSecond: Math.round(mean(rates, 'sendsPerSecond')),
      ethCallsPerSecond: Math.round(mean(rates, 'ethCallsPerSecond')),
      getBalancesPerSecond: Math.round(mean(rates, 'getBalancesPerSecond')),
    },
  ]),
)
const ratio = (key: keyof Rates, peer: string) => Number((mean(results.zkdevnet ?? [], key) / mean(results[peer] ?? [], key)).toFixed(2))
const ratios = Object.fromEntries(
  ['hardhat node', 'anvil'].map((peer) => [
    peer,
    { sends: ratio('sendsPerSecond', peer), ethCalls: ratio('ethCallsPerSecond', peer), getBalances: ratio('getBalancesPerSecond', peer) },
  ]),
)
console.log(JSON.stringify({ bench: 'rpc', machine: machine(), count, rounds, perPeer: summary, ratioToPeer: ratios }, null, 2))
