import type { Hex } from '../../core/index.ts'
import { createNodeHandler, type JsonRpcHandler } from '../../rpc/index.ts'
import { createFakeNode } from '../../rpc/testing/fake-node.ts'
import { createRecordingLog } from '../../rpc/testing/recording-log.ts'
import { FakeConnection } from '../../rpc/testing/rpc-harness.ts'
import { RequestContext } from '../../rpc/transport/request.ts'
import { type Fields, sign, startTestChain, type TestChain, type TestChainOptions } from '../../sequencer/testing/test-chain.ts'

/** The RPC over a real L2 chain in memory. What is not the chain's (batches, L1) is a fake's. */
export interface RpcOnChain {
  readonly chain: TestChain
  readonly handler: JsonRpcHandler
  /** The result as it goes over the wire; rejects with the JsonRpcError. */
  call<T = unknown>(method: string, ...params: unknown[]): Promise<T>
  /** What contracts logged by the `console` library, as the node's log has it. */
  logged(): readonly object[]
  /** Signs and submits; the hash. */
  send(fields: Fields): Promise<Hex>
}

export async function startRpcOnChain(options: TestChainOptions = {}): Promise<RpcOnChain> {
  const { log, entries } = createRecordingLog()
  const chain = await startTestChain({ log, ...options })
  const { deps } = createFakeNode()
  const { store, simulator, pool, sealing, events } = chain
  const handler = createNodeHandler({ ...deps, chain: store, state: store, simulator, pool, sealing, events, log })
  const connection = new FakeConnection('http')
  return {
    chain,
    handler,
    async call(method, ...params) {
      const result = await handler.handle({ method, params }, new RequestContext(connection))
      return JSON.parse(JSON.stringify(result ?? null))
    },
    logged: () => entries.filter(({ message }) => message === 'console.log').map(({ fields }) => fields),
    send: (fields) => pool.submit(sign(fields)),
  }
}

/** A call's data: the words one after the other. */
export const wordsOf = (...words: (bigint | Hex)[]): Hex => `0x${words.map((word) => BigInt(word).toString(16).padStart(64, '0')).join('')}`
