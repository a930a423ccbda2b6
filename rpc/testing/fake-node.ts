import {
  type Batch,
  BatchNotFoundError,
  type BatchPosition,
  type BatchReader,
  type CallOutcome,
  type CallRequest,
  EventBus,
  ExecutionRevertedError,
  type GuestCycles,
  type Hex,
  hexToBytes,
  InvalidTransactionError,
  type MessageProof,
  type NodeInfo,
  type SimulationContext,
  type Simulator,
  type TraceOf,
  type Tracer,
  type TransactionCycles,
  TransactionNotFoundError,
} from '../../core/index.ts'
import { DevAccounts } from '../accounts/dev-accounts.ts'
import type { RpcDeps } from '../deps.ts'
import { type ChainState, FakeChain, fakeContracts } from './fake-chain.ts'
import { FakeDev } from './fake-dev.ts'
import { createRecordingLog, type LogEntry } from './recording-log.ts'

/** The first two keys of the well-known test phrase. */
export const testKeys = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
] as const satisfies readonly Hex[]

export const testAddresses = ['0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266', '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'] as const

/** Return data of `Error("nope")`. */
export const nopeData: Hex = `0x08c379a0${'20'.padStart(64, '0')}${'4'.padStart(64, '0')}${'6e6f7065'.padEnd(64, '0')}`

export const testWord = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`

interface SimulatedCall {
  readonly request: CallRequest
  readonly context: SimulationContext
}

/** A node in memory behind all ports that the RPC needs. */
export interface FakeNode {
  readonly deps: RpcDeps
  readonly chain: FakeChain
  readonly events: EventBus
  readonly batches: FakeBatches
  readonly logEntries: readonly LogEntry[]
  readonly calls: readonly SimulatedCall[]
  readonly traces: readonly Tracer[]
  /** Milliseconds; tests move it. */
  clock: { nowMs: number }
}

class FakeBatches implements BatchReader {
  readonly list: Batch[] = []
  readonly proofs = new Map<Hex, readonly MessageProof[]>()

  latest(status: Batch['status'] = 'sealed'): bigint {
    const order = ['sealed', 'committed', 'proven', 'executed']
    const reached = this.list.filter((batch) => order.indexOf(batch.status) >= order.indexOf(status))
    return reached.at(-1)?.number ?? 0n
  }

  batch(number: bigint): Batch | undefined {
    return this.list.find((batch) => batch.number === number)
  }

  batches(from: bigint, limit: number): readonly Batch[] {
    return this.list.filter(({ number }) => number >= from).slice(0, limit)
  }

  batchOfBlock(blockNumber: bigint): bigint | undefined {
    return this.list.find((batch) => batch.firstBlockNumber <= blockNumber && blockNumber <= batch.lastBlockNumber)?.number
  }

  position(blockNumber: bigint): BatchPosition | undefined {
    const batchNumber = this.batchOfBlock(blockNumber)
    return batchNumber === undefined ? undefined : { batchNumber, lastTimestamp: 1_700_000_000n, transactionsBefore: 3 }
  }

  open() {
    return {
      number: BigInt(this.list.length),
      firstBlockNumber: 1n,
      lastBlockNumber: null,
      transactionCount: 0,
      stateDiffBytes: 0,
      estimatedCycles: 0,
      devReasons: [],
    }
  }

  batchCycles(number: bigint): GuestCycles | undefined {
    return this.batch(number)?.status === 'executed' ? { cycles: 1_000, weightedCycles: 2_000 } : undefined
  }

  transactionCycles(transactionHash: Hex): TransactionCycles | undefined {
    return transactionHash === testWord(1) ? { batchNumber: 1n, cycles: 500, weightedCycles: 700 } : undefined
  }

  stateDiff(number: bigint): Uint8Array | undefined {
    return this.batch(number) === undefined ? undefined : Uint8Array.of(1, Number(number % 256n))
  }

  messageProofs(transactionHash: Hex): readonly MessageProof[] | null {
    return this.proofs.get(transactionHash) ?? null
  }

  deposit(inboxIndex: bigint) {
    if (inboxIndex > 1n) return undefined
    const [sender, to] = testAddresses
    const credited = inboxIndex === 0n
    return { inboxIndex, sender, to, amountGwei: 5n, l1TxHash: testWord(7), credited, l2BlockNumber: credited ? 1n : null }
  }
}

export function testBatch(number: bigint, status: Batch['status']): Batch {
  const step = { txHash: testWord(9), timestamp: 1_700_000_100n, gasUsed: 210_000n }
  return {
    number,
    status,
    proofType: 'attested',
    devReasons: [],
    lastBlockHash: testWord(1),
    stateRoot: testWord(2),
    firstBlockNumber: number,
    lastBlockNumber: number,
    lastTimestamp: 1_700_000_000n,
    inboxCount: 0n,
    inboxRoot: testWord(3),
    messagesRoot: testWord(0),
    stateDiffHash: testWord(4),
    digest: testWord(5),
    programId: testWord(6),
    transactionCount: 1,
    messageCount: 0,
    depositCount: 0,
    stateDiffBytes: 2,
    sealedAtMs: 1_700_000_000_000.5,
    commit: status === 'sealed' ? null : step,
    prove: null,
    execute: null,
    provingMs: status === 'sealed' ? null : 12.7,
    proofBytes: status === 'sealed' ? null : 65,
    proofSegments: null,
    verification: status === 'sealed' ? [] : [{ txHash: `0x${'5a'.repeat(32)}`, gasUsed: 77_000n }],
  }
}

const testInfo: NodeInfo = {
  version: '0.1.0',
  l1ChainId: 31_337n,
  l2ChainId: 313_372n,
  l1Url: 'http://127.0.0.1:8545',
  l2Url: 'http://127.0.0.1:3050',
  contracts: { rollup: fakeContracts.echo, inbox: fakeContracts.echo, bridge: fakeContracts.echo, verifier: fakeContracts.echo },
  proofType: 'attested',
  programId: testWord(6),
  dataDir: '/tmp/zkdevnet',
}

export function createFakeNode(): FakeNode {
  const { log, entries } = createRecordingLog()
  const events = new EventBus((error) => log.error({ err: error }, 'listener failed'))
  const ether = 10n ** 18n
  const chain = new FakeChain(new Map(testAddresses.map((address) => [address, 10_000n * ether])), events)
  const batches = new FakeBatches()
  const calls: SimulatedCall[] = []
  const traces: Tracer[] = []
  const clock = { nowMs: 1_700_000_000_000 }
  const snapshots = new Map<bigint, ChainState>()
  let snapshotCount = 0n
  const start = chain.saved()

  const deps: RpcDeps = {
    chain,
    state: chain,
    pool: chain,
    sealing: chain,
    dev: new FakeDev(chain),
    simulator: createSimulator({ chain, calls, traces }),
    snapshots: {
      async take() {
        snapshotCount += 1n
        snapshots.set(snapshotCount, chain.saved())
        return snapshotCount
      },
      async revert(id) {
        const state = snapshots.get(id)
        if (state === undefined) return false
        for (const later of [...snapshots.keys()].filter((key) => key >= id)) snapshots.delete(later)
        chain.restore(state)
        return true
      },
      async reset() {
        snapshots.clear()
        chain.restore(start)
      },
      async rollbackTo(block) {
        const { entries } = chain.saved()
        chain.restore({ entries: entries.slice(0, Number(block) + 1), pool: [] })
      },
    },
    batches,
    batchControl: {
      async seal() {
        if (chain.head().header.number < BigInt(batches.list.length) + 1n) return null
        const number = BigInt(batches.list.length) + 1n
        batches.list.push(testBatch(number, 'sealed'))
        return number
      },
      async retryProof(number) {
        if (number !== 2n) throw new BatchNotFoundError({ batch: number, latest: 2n })
      },
    },
    witness: {
      executionWitness: (block) => ({
        state: [Uint8Array.of(0xc0)],
        codes: [],
        keys: [Uint8Array.of(Number(block))],
        headers: [Uint8Array.of(0xc1, 0x80)],
      }),
    },
    events,
    info: () => testInfo,
    l1Health: {
      status: () => ({ reachable: true, blockNumber: 12n, upgrade: null }),
      settlement: () => ({ state: 'running', error: null, inFlight: null, checking: null, proving: [] }),
      sealingStop: () => null,
    },
    clock: { nowMs: () => clock.nowMs },
    log,
    accountKeys: testKeys,
  }
  return { deps, chain, events, batches, logEntries: entries, calls, traces, clock }
}

function createSimulator({ chain, calls, traces }: { chain: FakeChain; calls: SimulatedCall[]; traces: Tracer[] }): Simulator {
  const execute = (request: CallRequest): CallOutcome => {
    const data = request.data ?? new Uint8Array()
    switch (request.to) {
      case fakeContracts.reverter:
        return { returnData: hexToBytes(nopeData), gasUsed: 30_000n, status: 'revert' }
      case fakeContracts.halter:
        return { returnData: new Uint8Array(), gasUsed: 30_000n, status: 'halt', error: 'out of gas' }
      case fakeContracts.echo:
        return { returnData: data, gasUsed: 22_000n, status: 'success' }
      default:
        return { returnData: new Uint8Array(), gasUsed: 21_000n, status: 'success' }
    }
  }
  const trace = <T extends Tracer>(tracer: T, request: CallRequest, signal: AbortSignal): TraceOf<T> => {
    traces.push(tracer)
    signal.throwIfAborted()
    // The compiler cannot follow from the name to the form.
    return traceResults(request)[tracer.name] as TraceOf<T>
  }
  return {
    async call(request, context) {
      calls.push({ request, context })
      const { balance } = chain.stateAt(context.blockNumber).account(request.from ?? '0x')
      if (request.from !== undefined && (request.value ?? 0n) > balance)
        throw new InvalidTransactionError('insufficient funds for transfer')
      return execute(request)
    },
    async estimateGas(request, context) {
      calls.push({ request, context })
      const outcome = execute(request)
      if (outcome.status !== 'success') throw new ExecutionRevertedError(outcome.returnData)
      return outcome.gasUsed
    },
    async pendingBlock() {
      return chain.pendingEntry().block
    },
    async readPending(read) {
      const { accounts } = chain.pendingEntry()
      return read({ ...chain.stateAt(chain.head().header.number), account: (address) => accounts.get(address) ?? null })
    },
    async accessList(request, context) {
      calls.push({ request, context })
      const { gasUsed, error } = execute(request)
      return { accessList: [], gasUsed, ...(error !== undefined && { error }) }
    },
    async simulateBlocks({ blocks }, context) {
      const block = { ...chain.head(), transactions: [] }
      return blocks.map((simulated) => ({
        block,
        calls: simulated.calls.map((request) => {
          calls.push({ request, context })
          const outcome = execute(request)
          return { ...outcome, maxUsedGas: outcome.gasUsed, logs: [] }
        }),
      }))
    },
    async traceTransaction(hash, tracer, signal) {
      if (chain.transaction(hash) === undefined) throw new TransactionNotFoundError(hash)
      return trace(tracer, {}, signal)
    },
    async traceBlock(blockNumber, tracer, signal) {
      const block = chain.blockByNumber(blockNumber)
      return (block?.transactions ?? []).map(({ hash }) => ({ txHash: hash, result: trace(tracer, {}, signal) }))
    },
    touchedAddresses(blockNumber) {
      return new Set(chain.receipts(blockNumber).flatMap(({ from, to }) => (to === null ? [from] : [from, to])))
    },
    async traceCall(request, context, tracer, signal) {
      calls.push({ request, context })
      return trace(tracer, request, signal)
    },
  }
}

/** One plain call, as each tracer tells of it. */
function traceResults({ to }: CallRequest): Readonly<Record<Tracer['name'], unknown>> {
  const [from, other] = testAddresses
  const call = { from, to: to ?? other, value: '0x0', gas: '0x5208', input: '0x' }
  const flatCall = {
    type: 'call',
    action: { callType: 'call', ...call },
    result: { gasUsed: '0x5208', output: '0x' },
    subtraces: 0,
    traceAddress: [],
  }
  return {
    structLogger: { gas: 21_000, failed: false, returnValue: '0x', structLogs: [] },
    callTracer: { type: 'CALL', ...call, gasUsed: '0x5208' },
    flatCallTracer: [flatCall],
    prestateTracer: { [from]: { balance: '0x1', nonce: 1 } },
    '4byteTracer': {},
    noopTracer: {},
    muxTracer: { flatCallTracer: [flatCall], prestateTracer: { pre: {}, post: {} } },
  }
}

/** Signs a value transfer of a test account. */
export function signTransfer(
  sender: Hex,
  { nonce, to, value = 1n, data = new Uint8Array() }: { nonce: bigint; to: Hex; value?: bigint; data?: Uint8Array },
): Promise<Uint8Array> {
  const fees = { maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n }
  const transaction = { type: 2, chainId: 313_372n, nonce, gas: 50_000n, to, value, data, ...fees, accessList: [] } as const
  return new DevAccounts(testKeys).signTransaction(sender, transaction)
}
