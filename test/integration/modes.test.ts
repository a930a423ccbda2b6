import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Hex } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { DevnetClient, until } from '../testing/devnet-client.ts'
import { type DevnetProcess, removeDirectory, runCli, scratchDirectory, startDevnet } from '../testing/devnet-process.ts'

const receiver: Hex = '0x00000000000000000000000000000000decaf050'
const ether = 10n ** 18n
const neverByAge = ['--batch-max-age-ms', '0']

const cleanUps: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

async function start(...args: readonly string[]): Promise<{ devnet: DevnetProcess; client: DevnetClient }> {
  const dataDir = scratchDirectory()
  cleanUps.push(() => removeDirectory(dataDir))
  const devnet = await startDevnet({ dataDir, args })
  cleanUps.push(() => devnet.kill())
  return { devnet, client: new DevnetClient(devnet.ready) }
}

/** Messages of a WebSocket's subscriptions, by topic. */
async function subscribe(url: string, topics: readonly (readonly unknown[])[]) {
  const socket = new WebSocket(url.replace('http', 'ws'))
  cleanUps.push(() => socket.terminate())
  await once(socket, 'open')
  const received = topics.map((): unknown[] => [])
  const indexById = new Map<unknown, number>()
  const answered = Promise.withResolvers<void>()
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    if (message.id !== undefined) indexById.set(message.result, message.id)
    else received[indexById.get(message.params.subscription) ?? -1]?.push(message.params.result)
    if (indexById.size === topics.length) answered.resolve()
  })
  for (const [id, params] of topics.entries()) socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_subscribe', params }))
  await answered.promise
  return received
}

describe('sealing', () => {
  it('by interval: a block each time, with what has come since; deposits too', async () => {
    const { client } = await start('--block-time-ms', '100')
    expect((await client.status()).automine).toBe(false)
    const [hash] = await client.transfer(receiver)
    const receipt = await client.l2.waitForTransactionReceipt({ hash: hash ?? '0x' })
    expect(receipt.status).toBe('success')
    // Empty blocks follow, and time goes on with each.
    await until('three more blocks', async () => (await client.l2.getBlockNumber()) >= receipt.blockNumber + 3n)
    const blocks = await Promise.all([0n, 1n, 2n].map((offset) => client.l2.getBlock({ blockNumber: receipt.blockNumber + offset })))
    expect(blocks.map(({ timestamp }, index) => index === 0 || timestamp > (blocks[index - 1]?.timestamp ?? 0n))).toEqual([
      true,
      true,
      true,
    ])
    await client.deposit(receiver, ether)
    await client.untilBalance(receiver, ether + 1n)
    await client.ask('evm_setIntervalMining', 0)
    await client.untilFinal()
    await client.expectSettledOnce()
  })

  it('by hand: only evm_mine seals, transactions and deposits alike; automine can be switched on and off', async () => {
    const { client } = await start('--no-mining')
    const sent = await client.transfer(receiver, 3)
    await client.deposit(receiver, ether)
    await until('the deposit is known', async () => (await client.ask('zkdevnet_getDeposit', '0x0')) !== null)
    expect(await client.l2.getBlockNumber()).toBe(0n)
    expect((await client.status()).pool.pending).toBe('0x3')
    await client.ask('evm_mine')
    expect(await client.l2.getBlockNumber()).toBe(1n)
    expect((await client.l2.getBlock()).transactions).toEqual(sent)
    expect(await client.balance(receiver)).toBe(ether + 3n)

    await client.transfer(receiver)
    expect(await client.l2.getBlockNumber()).toBe(1n)
    // What waits is sealed when automine begins.
    await client.ask('evm_setAutomine', true)
    expect(await client.l2.getBlockNumber()).toBe(2n)
    await client.transfer(receiver)
    expect(await client.l2.getBlockNumber()).toBe(3n)
    await client.ask('evm_setAutomine', false)
    await client.transfer(receiver)
    expect(await client.l2.getBlockNumber()).toBe(3n)
    await client.ask('hardhat_mine', '0x5')
    expect(await client.l2.getBlockNumber()).toBe(8n)
    await client.untilFinal()
    await client.expectSettledOnce()
  })
})

describe('batches', () => {
  it('close by transactions', async () => {
    const { client } = await start(...neverByAge, '--batch-max-transactions', '3')
    await client.transfer(receiver, 7)
    await until('two batches are executed', async () => (await client.status()).batches.executed === '0x2')
    const { batches, openBatch } = await client.status()
    expect([batches.sealed, openBatch.transactionCount]).toEqual(['0x2', '0x1'])
    await client.expectSettledOnce()
  })

  it('close by blocks, and by command', async () => {
    const { client } = await start(...neverByAge, '--batch-max-blocks', '4')
    await client.ask('hardhat_mine', '0xa')
    await until('two batches are executed', async () => (await client.status()).batches.executed === '0x2')
    expect((await client.status()).batches.sealed).toBe('0x2')
    const sealed = await runCli(['batch', 'seal', '--json', '--url', client.ready.l2Url])
    expect(JSON.parse(sealed.stdout)).toEqual({ batch: 3 })
    const nothing = await runCli(['batch', 'seal', '--json', '--url', client.ready.l2Url])
    expect(JSON.parse(nothing.stdout)).toEqual({ batch: null })
    await until('the third is executed', async () => (await client.status()).batches.executed === '0x3')
    await client.expectSettledOnce()
  })
})

describe('the pipeline', () => {
  it('keeps latest ≥ safe ≥ finalized, each growing only, and tells subscribers of every block once', async () => {
    const { client } = await start('--agents', '2', '--batch-max-age-ms', '50')
    const [heads, pending] = await subscribe(client.ready.l2Url, [['newHeads'], ['newPendingTransactions']])
    const seen: (readonly [bigint, bigint, bigint])[] = []
    let watching = true
    const watch = (async () => {
      while (watching) {
        const { blocks } = await client.status()
        seen.push([BigInt(blocks.latest), BigInt(blocks.safe), BigInt(blocks.finalized)])
      }
    })()
    const sent: Hex[] = []
    for (let round = 0; round < 8; round++) {
      sent.push(...(await client.transfer(receiver, 10)))
      await client.ask('zkdevnet_sealBatch')
    }
    await client.untilFinal()
    watching = false
    await watch
    for (const [index, [latest, safe, finalized]] of seen.entries()) {
      expect(latest >= safe && safe >= finalized).toBe(true)
      const before = seen[index - 1]
      if (before !== undefined) expect(latest >= before[0] && safe >= before[1] && finalized >= before[2]).toBe(true)
    }
    const latest = await client.l2.getBlockNumber()
    await until('the last head was told', async () => heads?.length === Number(latest))
    expect(heads?.map((head) => BigInt((head as { number: Hex }).number))).toEqual(
      Array.from({ length: Number(latest) }, (_, index) => BigInt(index + 1)),
    )
    expect(pending).toEqual(sent)
    expect(client.ready.agents).toHaveLength(2)
    await client.expectSettledOnce()
  })

  it('waits for an agent that is started by hand', async () => {
    // Everything that prover/README.md names must be known to whoever starts one.
    const token = 'a-secret-of-the-test'
    const attesterKey: Hex = `0x${'5a'.repeat(32)}`
    const dataDir = scratchDirectory()
    cleanUps.push(() => removeDirectory(dataDir))
    const devnet = await startDevnet({
      dataDir,
      args: ['--agents', '0', '--attester-key', attesterKey, '--batch-max-age-ms', '50'],
      env: { ZKDEVNET_BROKER_TOKEN: token },
    })
    cleanUps.push(() => devnet.kill())
    const client = new DevnetClient(devnet.ready)
    expect(devnet.ready.agents).toEqual([])
    await client.transfer(receiver, 3)
    await until('a batch is committed', async () => (await client.status()).batches.committed !== '0x0')
    expect((await client.status()).batches.proven).toBe('0x0')

    const agent = spawn(process.execPath, [join(import.meta.dirname, '../../prover/agent/main.ts')], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: {
        ...process.env,
        ZKDEVNET_BROKER_URL: devnet.ready.brokerUrl,
        ZKDEVNET_BROKER_TOKEN: token,
        ZKDEVNET_ATTESTER_KEY: attesterKey,
        ZKDEVNET_L1_CHAIN_ID: '31337',
        ZKDEVNET_ATTESTED_VERIFIER: devnet.ready.contracts.verifier,
        ZKDEVNET_LOG_LEVEL: 'error',
      },
    })
    cleanUps.push(() => {
      agent.kill('SIGKILL')
    })
    await client.untilFinal()
    await client.expectSettledOnce()
  })
})
