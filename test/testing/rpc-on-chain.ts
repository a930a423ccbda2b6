import { bytesToHex, type Hex, type Logger } from '../../core/index.ts'
import { createNodeHandler, type JsonRpcHandler } from '../../rpc/index.ts'
import { createFakeNode } from '../../rpc/testing/fake-node.ts'
import { createRecordingLog, type LogEntry } from '../../rpc/testing/recording-log.ts'
import { FakeConnection } from '../../rpc/testing/rpc-harness.ts'
import { RequestContext } from '../../rpc/transport/request.ts'
import { DevnetSnapshots } from '../../sequencer/index.ts'
import { type Fields, sign, startTestChain, type TestChain, type TestChainOptions } from '../../sequencer/testing/test-chain.ts'
import { testAccounts } from '../../stf/testing/dev-chain.ts'

/** The RPC over a real L2 chain in memory. What is not the chain's (batches, L1) is a fake's. */
export interface RpcOnChain {
  readonly chain: TestChain
  readonly log: Logger
  readonly logEntries: readonly LogEntry[]
  readonly handler: JsonRpcHandler
  /** The result as it goes over the wire; rejects with the JsonRpcError. */
  call<T = unknown>(method: string, ...params: unknown[]): Promise<T>
  /** What contracts logged by the `console` library, as the node's log has it. */
  logged(): readonly object[]
  /** Makes this the place that hardhat_reset goes back to. */
  markStart(): Promise<void>
  /** Signs and submits; the hash. */
  send(fields: Fields): Promise<Hex>
}

export async function startRpcOnChain(options: TestChainOptions = {}): Promise<RpcOnChain> {
  const { log, entries } = createRecordingLog()
  const chain = await startTestChain({ log, ...options })
  const { deps } = createFakeNode()
  const { database, store, simulator, witness, pool, sealing, dev, events } = chain
  const snapshots = new DevnetSnapshots({ database, participants: [chain.snapshot], l1: null })
  await snapshots.markStart()
  const handler = createNodeHandler({
    ...deps,
    ...{ chain: store, state: store, simulator, witness, pool, sealing, dev, snapshots, events, log },
    accountKeys: testAccounts.map(({ key }) => bytesToHex(key)),
  })
  const connection = new FakeConnection('http')
  return {
    chain,
    log,
    logEntries: entries,
    handler,
    async call(method, ...params) {
      const result = await handler.handle({ method, params }, new RequestContext(connection))
      return JSON.parse(JSON.stringify(result ?? null))
    },
    logged: () => entries.filter(({ message }) => message === 'console.log').map(({ fields }) => fields),
    markStart: () => snapshots.markStart(),
    send: (fields) => pool.submit(sign(fields)),
  }
}

/** A call's data: the words one after the other. */
export const wordsOf = (...words: (bigint | Hex)[]): Hex => `0x${words.map((word) => BigInt(word).toString(16).padStart(64, '0')).join('')}`
