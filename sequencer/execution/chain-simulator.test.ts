import { describe, expect, it } from 'vitest'
import { type CallOutcome, type Hex, hexToBytes } from '../../core/index.ts'
import { callData, countCode, initCode, tokenCode } from '../../stf/testing/contracts.ts'
import { account, ether, gwei, sign, startTestChain, type TestChain } from '../testing/test-chain.ts'

const counter: Hex = '0x00000000000000000000000000000000000c0de0'
const token: Hex = '0x00000000000000000000000000000000000c0de1'
/** JUMPDEST, PUSH0, JUMP: runs out of gas. */
const spinner: Hex = '0x00000000000000000000000000000000000c0de2'
/** Returns NUMBER, TIMESTAMP and BALANCE(caller). */
const looker: Hex = '0x00000000000000000000000000000000000c0de3'

/** Returns what was in its transient storage, then writes there: TLOAD, TSTORE (EIP-1153). */
const rememberer: Hex = '0x00000000000000000000000000000000000c0de4'

const predeploys = [
  { address: rememberer, code: '0x5f5c60015f5d5f5260205ff3' },
  { address: counter, code: countCode },
  { address: token, code: tokenCode },
  { address: spinner, code: '0x5b5f56' },
  { address: looker, code: '0x435f5242602052333160405260605ff3' },
] as const

const start = (sealing = {}): Promise<TestChain> => startTestChain({ predeploys, sealing })
const words = ({ returnData }: CallOutcome): bigint[] =>
  Array.from({ length: returnData.length / 32 }, (_, i) =>
    BigInt(`0x${Buffer.from(returnData.subarray(32 * i, 32 * i + 32)).toString('hex')}`),
  )

describe('call', () => {
  it('sees the state and the environment of an old block', async () => {
    const chain = await start()
    const from = account(0).address
    for (let nonce = 0; nonce < 3; nonce++) await chain.pool.submit(sign({ from: account(1), nonce, to: from, value: ether }))
    for (const block of [0n, 1n, 2n, 3n]) {
      const outcome = await chain.simulator.call({ from, to: looker }, { blockNumber: block })
      const { header } = chain.store.blockByNumber(block) ?? {}
      expect(words(outcome)).toEqual([block, header?.timestamp, (1000n + block) * ether])
    }
  })

  it('obeys overrides of state and block, and leaves nothing behind', async () => {
    const chain = await start()
    const from = account(0).address
    const root = chain.store.head().header.stateRoot
    const outcome = await chain.simulator.call(
      { from, to: looker },
      { blockNumber: 0n, stateOverrides: new Map([[from, { balance: 7n }]]), blockOverrides: { number: 99n, timestamp: 5n } },
    )
    expect(words(outcome)).toEqual([99n, 5n, 7n])
    await chain.sealing.mine()
    expect(words(await chain.simulator.call({ from, to: looker }, { blockNumber: 1n }))[2]).toBe(1000n * ether)
    expect(chain.store.blockByNumber(0n)?.header.stateRoot).toBe(root)
  })

  it('sees pooled transactions in the pending block, and only there', async () => {
    const chain = await start({ automine: false })
    const to = account(5).address
    await chain.pool.submit(sign({ from: account(1), nonce: 0, to, value: ether }))
    const balances = async () => {
      const [latest, pending] = await Promise.all([
        chain.simulator.call({ from: to, to: looker }, { blockNumber: 0n }),
        chain.simulator.call({ from: to, to: looker }, { blockNumber: 0n, pending: true }),
      ])
      return [words(latest)[2], words(pending)[2], words(pending)[0]]
    }
    expect(await balances()).toEqual([1000n * ether, 1001n * ether, 1n])
    await chain.pool.submit(sign({ from: account(1), nonce: 1, to, value: ether }))
    expect(await balances()).toEqual([1000n * ether, 1002n * ether, 1n])
  })

  it('leaves nothing to the next call on the same machine, also when many run at once', async () => {
    const chain = await start()
    const remembered = async () => words(await chain.simulator.call({ to: rememberer }, { blockNumber: 0n }))
    expect([await remembered(), await remembered()]).toEqual([[0n], [0n]])
    const from = account(0).address
    const richer = (balance: bigint) => ({ blockNumber: 0n, stateOverrides: new Map([[from, { balance }]]) })
    const outcomes = await Promise.all([1n, 2n, 3n].map((wei) => chain.simulator.call({ from, to: looker }, richer(wei))))
    expect(outcomes.map((outcome) => words(outcome)[2])).toEqual([1n, 2n, 3n])
    expect(words(await chain.simulator.call({ from, to: looker }, { blockNumber: 0n }))[2]).toBe(1000n * ether)
  })

  it('reports a revert with its data and a halt with its name', async () => {
    const chain = await start()
    const reverted = await chain.simulator.call({ to: counter, data: hexToBytes(callData(1n, 1n)) }, { blockNumber: 0n })
    expect(reverted).toMatchObject({ status: 'revert', error: 'execution reverted' })
    const halted = await chain.simulator.call({ to: spinner, gas: 100_000n }, { blockNumber: 0n })
    expect(halted).toMatchObject({ status: 'halt', error: 'out of gas' })
  })

  it('says where history starts for a block that is not there', async () => {
    const chain = await start()
    await expect(chain.simulator.call({ to: looker }, { blockNumber: 5n })).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' })
  })

  it('runs beside sealing without either seeing the other', async () => {
    const chain = await start()
    const calls: Promise<unknown>[] = []
    for (let nonce = 0; nonce < 20; nonce++) {
      const submit = chain.pool.submit(sign({ from: account(0), nonce, to: token, data: callData(BigInt(nonce) + 1n, 1n) }))
      for (const pending of [false, true]) {
        calls.push(
          chain.simulator.call({ from: account(2).address, to: token, data: hexToBytes(callData(3n, 5n)) }, { blockNumber: 0n, pending }),
        )
      }
      await submit
    }
    await Promise.all(calls)
    const replay = await start()
    for (let nonce = 0; nonce < 20; nonce++) {
      await replay.pool.submit(sign({ from: account(0), nonce, to: token, data: callData(BigInt(nonce) + 1n, 1n) }))
    }
    expect(chain.store.head().hash).toBe(replay.store.head().hash)
  })
})

describe('estimateGas', () => {
  it('gives 21000 for a transfer and an exact limit for a call', async () => {
    const chain = await start()
    const from = account(0).address
    const context = { blockNumber: 0n, pending: true }
    expect(await chain.simulator.estimateGas({ from, to: account(1).address, value: 1n }, context)).toBe(21_000n)
    const data = callData(1n, 0n)
    const gasLimit = await chain.simulator.estimateGas({ from, to: counter, data: hexToBytes(data) }, context)
    const enough = await chain.pool.submit(sign({ from: account(0), nonce: 0, to: counter, data, gasLimit }))
    expect(chain.store.receipt(enough)?.succeeded).toBe(true)
    const tooLittle = await chain.pool.submit(
      sign({ from: account(0), nonce: 1, to: counter, data: callData(2n, 0n), gasLimit: gasLimit - 1n }),
    )
    expect(chain.store.receipt(tooLittle)?.succeeded).toBe(false)
  })

  it('names why no limit is enough', async () => {
    const chain = await start()
    const context = { blockNumber: 0n }
    const from = account(0).address
    await expect(chain.simulator.estimateGas({ from, to: counter, data: hexToBytes(callData(1n, 1n)) }, context)).rejects.toMatchObject({
      code: 'EXECUTION_REVERTED',
    })
    await expect(chain.simulator.estimateGas({ from, to: spinner }, context)).rejects.toThrow(/gas required exceeds allowance/)
    await expect(chain.simulator.estimateGas({ from, to: counter, value: 2000n * ether }, context)).rejects.toThrow(/insufficient funds/)
    const poor = { from, to: counter, value: 1000n * ether - 30_000n * gwei, maxFeePerGas: 10n * gwei }
    await expect(chain.simulator.estimateGas(poor, context)).rejects.toThrow(/intrinsic gas too low|gas required exceeds allowance/)
  })
})

describe('the pending block', () => {
  const signal = new AbortController().signal
  const counting = async () => {
    const chain = await start({ automine: false })
    const data = callData(1n, 0n)
    for (let nonce = 0; nonce < 2; nonce++) await chain.pool.submit(sign({ from: account(0), nonce, to: counter, data }))
    return { chain, data: hexToBytes(data) }
  }

  it('is the block that is sealed then, deposits included', async () => {
    const { chain } = await counting()
    chain.feed.push(account(7).address, 5n)
    const pending = await chain.simulator.pendingBlock()
    expect(await chain.simulator.pendingBlock()).toEqual(pending)
    await chain.sealing.mine()
    expect(chain.store.head()).toEqual(pending)
    expect((await chain.simulator.pendingBlock()).header).toMatchObject({ number: 2n, parentHash: pending.hash, gasUsed: 0n })
  })

  it('shows its state, and is built on by simulated blocks and access lists', async () => {
    const { chain, data } = await counting()
    const context = { blockNumber: 0n, pending: true }
    expect(await chain.simulator.readPending((state) => [state.storage(counter, 1n), state.account(account(0).address)?.nonce])).toEqual([
      2n,
      2n,
    ])
    const request = { from: account(0).address, to: counter, data }
    const { accessList } = await chain.simulator.accessList(request, context, signal)
    expect(accessList).toEqual([{ address: counter, storageKeys: [`0x${'1'.padStart(64, '0')}`] }])
    const simulation = { blocks: [{ calls: [request] }], traceTransfers: false, validation: true }
    const priced = { ...request, maxFeePerGas: 10n * gwei, nonce: 2n }
    const [block] = await chain.simulator.simulateBlocks({ ...simulation, blocks: [{ calls: [priced] }] }, context, signal)
    expect(block?.block.header).toMatchObject({ number: 2n, parentHash: (await chain.simulator.pendingBlock()).hash })
    expect(block?.calls).toMatchObject([{ status: 'success' }])
    await expect(chain.simulator.simulateBlocks(simulation, context, signal)).rejects.toMatchObject({ code: 'FEE_CAP_TOO_LOW' })
    expect(await chain.simulator.readPending((state) => state.storage(counter, 1n))).toBe(2n)
  })

  it('gives up long work when the signal fires', async () => {
    const { chain, data } = await counting()
    const request = { from: account(0).address, to: counter, data }
    const aborted = AbortSignal.abort('late')
    await expect(chain.simulator.accessList(request, { blockNumber: 0n }, aborted)).rejects.toMatchObject({ code: 'TRACE_ABORTED' })
    const simulation = { blocks: [{ calls: [request] }], traceTransfers: false, validation: false }
    await expect(chain.simulator.simulateBlocks(simulation, { blockNumber: 0n }, aborted)).rejects.toMatchObject({ code: 'TRACE_ABORTED' })
  })
})

describe('tracing', () => {
  it('traces whole blocks, also on a state that dev methods changed in between', async () => {
    const chain = await start({ automine: false })
    await chain.dev.edit(() => [{ address: counter, slots: [{ key: 1n, value: 40n }] }])
    const hash = await chain.pool.submit(sign({ from: account(0), nonce: 0, to: counter, data: callData(1n, 0n) }))
    await chain.sealing.mine()
    const { number } = chain.store.head().header
    const tracer = { name: 'prestateTracer', diffMode: true, disableCode: true, disableStorage: false, includeEmpty: false } as const
    const [traced] = await chain.simulator.traceBlock(number, tracer, new AbortController().signal)
    const slot: Hex = `0x${'1'.padStart(64, '0')}`
    expect(traced).toMatchObject({
      txHash: hash,
      result: {
        pre: { [counter]: { storage: { [slot]: `0x${'28'.padStart(64, '0')}` } } },
        post: { [counter]: { storage: { [slot]: `0x${'29'.padStart(64, '0')}` } } },
      },
    })
    expect([...chain.simulator.touchedAddresses(number)]).toEqual(expect.arrayContaining([counter, account(0).address]))
  })

  it('traces a transaction in the middle of its block on the state of that moment', async () => {
    const chain = await start({ automine: false })
    const data = callData(1n, 0n)
    const hashes: Hex[] = []
    for (let nonce = 0; nonce < 3; nonce++) hashes.push(await chain.pool.submit(sign({ from: account(0), nonce, to: counter, data })))
    await chain.sealing.mine()
    await chain.sealing.mine()
    const signal = new AbortController().signal
    for (const [index, hash] of hashes.entries()) {
      const tracer = {
        name: 'structLogger',
        enableMemory: false,
        disableStack: false,
        disableStorage: false,
        enableReturnData: false,
        limit: 0,
      } as const
      const trace = await chain.simulator.traceTransaction(hash, tracer, signal)
      const receipt = chain.store.receipt(hash)
      expect(trace).toMatchObject({ failed: false, gas: Number(receipt?.gasUsed) })
      const stored = JSON.stringify(trace)
        .match(/"storage":\{"0x[0-9a-f]{64}":"0x[0-9a-f]{64}"/g)
        ?.at(-1)
      expect(stored).toContain((index + 1).toString(16).padStart(64, '0'))
    }
    const calls = await chain.simulator.traceTransaction(
      hashes[1] ?? '0x',
      { name: 'callTracer', onlyTopCall: false, withLog: true },
      signal,
    )
    expect(calls).toMatchObject({ type: 'CALL', from: account(0).address, to: counter, input: data })
  })

  it('does not know a hash that was never sealed', async () => {
    const chain = await start()
    const tracer = { name: 'callTracer', onlyTopCall: true, withLog: false } as const
    const none = chain.simulator.traceTransaction(`0x${'ab'.repeat(32)}`, tracer, new AbortController().signal)
    await expect(none).rejects.toMatchObject({ code: 'TRANSACTION_NOT_FOUND' })
  })

  it('gives up when its signal fires', async () => {
    const chain = await start()
    const tracer = { name: 'callTracer', onlyTopCall: true, withLog: false } as const
    await expect(chain.simulator.traceCall({ to: spinner }, { blockNumber: 0n }, tracer, AbortSignal.abort('late'))).rejects.toMatchObject({
      code: 'TRACE_ABORTED',
    })
  })

  it('traces a call that deploys', async () => {
    const chain = await start()
    const tracer = { name: 'callTracer', onlyTopCall: false, withLog: false } as const
    const request = { from: account(0).address, data: hexToBytes(initCode(countCode)) }
    const trace = await chain.simulator.traceCall(request, { blockNumber: 0n, pending: true }, tracer, new AbortController().signal)
    expect(trace).toMatchObject({ type: 'CREATE', output: countCode })
  })
})
