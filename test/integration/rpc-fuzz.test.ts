import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex, type Hex } from '../../core/index.ts'
import { startJsonRpcServer } from '../../rpc/index.ts'
import { methods } from '../../rpc/methods/index.ts'
import { arbitraryParams } from '../../rpc/testing/arbitrary-params.ts'
import { post, rpcBody } from '../../rpc/testing/raw-client.ts'
import { account, sign } from '../../sequencer/testing/test-chain.ts'
import { countCode, initCode, storeCode, tokenCode } from '../../stf/testing/contracts.ts'
import { type RpcOnChain, startRpcOnChain, wordsOf } from '../testing/rpc-on-chain.ts'

const seed = 20_261_123
const calls = 10_000
const atOnce = 100
const requestTimeoutMs = 4_000
/** They wait for a block that may never come. */
const waiting = new Set(['eth_sendRawTransactionSync', 'eth_sendTransactionSync'])
const timedOut = -32002
const internalError = -32603

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
function heapMb(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const [alice, bob] = [account(0), account(1)]
const contracts = [countCode, tokenCode, storeCode].map((code, i) => ({
  address: `0x00000000000000000000000000000000000c0de${i}` as Hex,
  code,
}))

/** A chain on which something has happened, and what a client could know of it. */
async function inhabitedChain(): Promise<{ rpc: RpcOnChain; known: Record<string, readonly unknown[]> }> {
  const rpc = await startRpcOnChain({ predeploys: contracts })
  const hashes: Hex[] = []
  for (const [nonce, { address }] of contracts.entries()) {
    hashes.push(await rpc.send({ from: alice, nonce, to: address, data: wordsOf(bob.address, 0n) }))
  }
  hashes.push(await rpc.send({ from: bob, nonce: 0, to: undefined, data: initCode(countCode), gasLimit: 300_000n }))
  const blocks = [0n, 1n, 2n, 3n, 4n].flatMap((number) => rpc.chain.store.blockByNumber(number)?.hash ?? [])
  const filter = await rpc.call('eth_newBlockFilter')
  await rpc.markStart()
  return {
    rpc,
    known: {
      Address: [alice.address, bob.address, ...contracts.map(({ address }) => address)],
      Hash: [...hashes, ...blocks, wordsOf(0n), wordsOf(1n)],
      Data: [
        ...[3, 4, 7].map((nonce) => bytesToHex(sign({ from: alice, nonce }))),
        ...[countCode, initCode(storeCode), wordsOf(1n, 0n), wordsOf(1n, 1n)],
      ],
      Id: [filter, '0x1'],
    },
  }
}

describe('10,000 random and hostile requests', () => {
  let node: Awaited<ReturnType<typeof inhabitedChain>>
  let server: Awaited<ReturnType<typeof startJsonRpcServer>>

  beforeAll(async () => {
    node = await inhabitedChain()
    const { handler, log } = node.rpc
    server = await startJsonRpcServer({ host: '127.0.0.1', port: 0, handler, log, limits: { requestTimeoutMs } })
  })
  afterAll(() => server.close())

  it('get an answer each: no fault, no hang, no crash, and the memory does not grow', async () => {
    const request = fc.oneof(
      ...methods.flatMap(({ name, aliases = [], params }) =>
        [name, ...aliases].map((method) => fc.record({ method: fc.constant(method), params: arbitraryParams(params, node.known) })),
      ),
    )
    const requests = fc.sample(request, { seed, numRuns: calls })
    const faults: unknown[] = []
    const answered = { results: new Set<string>(), errors: 0 }
    const ask = async ({ method, params }: (typeof requests)[number]): Promise<void> => {
      const { status, json } = await post(server.url, rpcBody(method, params))
      const { error } = Object(json)
      if (error === undefined) answered.results.add(method)
      else answered.errors += 1
      const isFault = error?.code === internalError || (error?.code === timedOut && !waiting.has(method))
      if (status !== 200 || isFault) faults.push({ method, params: JSON.stringify(params).slice(0, 500), status, error })
    }
    const askAll = async (list: typeof requests): Promise<void> => {
      const queue = list.values()
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (const next of queue) await ask(next)
        }),
      )
    }
    await askAll(requests.slice(0, calls / 2))
    const heapHalfway = heapMb()
    await askAll(requests.slice(calls / 2))
    expect(faults).toEqual([])
    // Blocks that were sealed meanwhile, and their caches.
    expect(heapMb() - heapHalfway).toBeLessThan(100)
    expect(node.rpc.logEntries.filter(({ level }) => level === 'error')).toEqual([])
    // Neither side may dry out, or the test would test nothing.
    expect(answered.errors).toBeGreaterThan(1_000)
    const never = methods.map(({ name }) => name).filter((name) => !answered.results.has(name))
    expect(never.length).toBeLessThan(methods.length / 5)
    expect(Object((await post(server.url, rpcBody('eth_chainId'))).json).result).toBe('0x4c81c')
  }, 120_000)
})
