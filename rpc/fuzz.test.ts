import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex } from '../core/index.ts'
import { methods } from './methods/index.ts'
import { createNodeHandler } from './node-handler.ts'
import { arbitraryParams } from './testing/arbitrary-params.ts'
import { fakeContracts, loggedTopic } from './testing/fake-chain.ts'
import { createFakeNode, signTransfer, testAddresses, testBatch } from './testing/fake-node.ts'
import { post, rpcBody } from './testing/raw-client.ts'
import { createHarness, FakeConnection, type RpcHarness } from './testing/rpc-harness.ts'
import { JsonRpcError, rpcErrorCode } from './transport/errors.ts'
import { type JsonRpcServer, startJsonRpcServer } from './transport/server.ts'

const seed = 20_261_123

async function inhabitedNode(): Promise<RpcHarness> {
  const node = createHarness()
  node.batches.list.push(testBatch(1n, 'executed'), testBatch(2n, 'sealed'))
  for (const to of [testAddresses[1], fakeContracts.logger, fakeContracts.reverter]) {
    await node.call('eth_sendTransaction', [{ from: testAddresses[0], to, gas: '0xffff', data: '0x1234' }])
  }
  return node
}

describe('random requests', () => {
  it('to every method get a result of its schema or a proper error', async () => {
    const node = await inhabitedNode()
    const sealed = [1n, 2n, 3n].flatMap((number) => node.chain.blockByNumber(number) ?? [])
    const typedData = { domain: {}, types: { Mail: [{ name: 'to', type: 'address' }] }, primaryType: 'Mail' }
    const known = {
      Address: [...testAddresses, ...Object.values(fakeContracts)],
      Hash: [loggedTopic, ...sealed.flatMap((block) => [block.hash, ...block.transactions.map(({ hash }) => hash)])],
      Data: await Promise.all(
        [0n, 3n, 4n, 9n].map(async (nonce) => bytesToHex(await signTransfer(testAddresses[0], { nonce, to: testAddresses[1] }))),
      ),
      // Many, because the requests uninstall them too.
      Id: await Promise.all(
        Array.from({ length: 16 }, () => [node.call('eth_newBlockFilter'), node.call('eth_newFilter', [{ fromBlock: '0x0' }])]).flat(),
      ),
      TypedData: [
        { ...typedData, message: { to: testAddresses[0] } },
        JSON.stringify({ ...typedData, message: { to: testAddresses[0] } }),
        { ...typedData, message: { to: 1 } },
      ],
    }
    const request = fc.oneof(
      ...methods.flatMap(({ name, aliases = [], params }) =>
        [name, ...aliases].map((method) => fc.record({ method: fc.constant(method), params: arbitraryParams(params, known) })),
      ),
    )
    const socket = new FakeConnection('websocket')
    const outcomes = { results: 0, errors: 0 }
    const reached = new Set<string>()
    await fc.assert(
      fc.asyncProperty(request, async ({ method, params }) => {
        try {
          await node.call(method, params, socket)
          outcomes.results += 1
          reached.add(method)
        } catch (error) {
          // Anything else, a ZodError of the result among them, is what would have become an internal error.
          if (!(error instanceof JsonRpcError)) throw error
          expect(error.rpcCode).not.toBe(rpcErrorCode.internalError)
          outcomes.errors += 1
        }
      }),
      { seed, numRuns: 10_000, endOnFailure: true },
    )
    // Neither side may dry out, or the test would test nothing.
    expect(outcomes.results).toBeGreaterThan(3_000)
    expect(outcomes.errors).toBeGreaterThan(1_000)
    for (const method of ['eth_sendRawTransaction', 'eth_sendTransaction', 'eth_signTypedData_v4', 'eth_getFilterChanges'])
      expect(reached).toContain(method)
    expect(node.logEntries.filter(({ level }) => level === 'error')).toEqual([])
  }, 240_000)
})

describe('random bodies', () => {
  const node = createFakeNode()
  let server: JsonRpcServer
  beforeAll(async () => {
    server = await startJsonRpcServer({ host: '127.0.0.1', port: 0, handler: createNodeHandler(node.deps), log: node.deps.log })
  })
  afterAll(() => server.close())

  it('never stop the server, nor reach its log as errors', async () => {
    const fragment = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"jsonrpc":"2.0"',
      '"id":1',
      '"method":"eth_chainId"',
      '"params":',
      ',',
      ':',
      'null',
      '1e999',
      '\\u0000',
    )
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join('')),
      fc
        .record({
          jsonrpc: fc.constant('2.0'),
          id: fc.jsonValue(),
          method: fc.oneof(fc.string(), fc.constant('eth_call')),
          params: fc.jsonValue(),
        })
        .map((r) => JSON.stringify(r)),
    )
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const { status, text: answer } = await post(server.url, text)
        expect([200, 204, 400]).toContain(status)
        expect(answer).not.toContain('-32603')
      }),
      { seed, numRuns: 500 },
    )
    expect((await post(server.url, rpcBody('eth_chainId'))).json).toMatchObject({ result: '0x4c81c' })
    expect(node.logEntries.filter(({ level }) => level === 'error')).toEqual([])
  })
})
