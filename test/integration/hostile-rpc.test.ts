import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { type Hex, parseTransaction, serializeTransaction, type TransactionSerializableEIP1559 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { askRaw, DevnetClient, type RpcAnswer, until } from '../testing/devnet-client.ts'
import { type DevnetProcess, removeDirectory, scratchDirectory, startDevnet } from '../testing/devnet-process.ts'

const receiver: Hex = '0x00000000000000000000000000000000decaf020'
// Programs small enough to read: JUMPDEST, PUSH1 0, JUMP.
const endlessLoop: Hex = '0x5b600056'
// PUSH4 0x7fffffff, MLOAD: two gigabytes.
const memoryBomb: Hex = '0x637fffffff51'
// PUSH1 0 (five times), ADDRESS, GAS, CALL: calls itself.
const recursion: Hex = '0x60006000600060006000305af1'
// Init code that returns JUMPDEST, PUSH1 0, PUSH1 0, LOG0, PUSH1 0, JUMP: logs until the gas is spent, so it reverts everything.
// With a counter in calldata: PUSH1 0, CALLDATALOAD, JUMPDEST, PUSH1 0, PUSH1 0, LOG0, PUSH1 1, SWAP1, SUB, DUP1, PUSH1 3, JUMPI, STOP.
const logSpammer = '0x6000355b60006000a0600190038060035700'

/** Init code that deploys `runtime`. */
function initCode(runtime: Hex): Hex {
  const size = (runtime.length - 2) / 2
  return `0x60${size.toString(16).padStart(2, '0')}600c60003960${size.toString(16).padStart(2, '0')}6000f3${runtime.slice(2)}`
}

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const word = (value: number): Hex => `0x${value.toString(16).padStart(64, '0')}`

describe('a node under hostile requests', () => {
  const dataDir = scratchDirectory()
  let devnet: DevnetProcess
  let client: DevnetClient
  let url: string

  beforeAll(async () => {
    devnet = await startDevnet({ dataDir })
    client = new DevnetClient(devnet.ready)
    url = devnet.ready.l2Url
  })
  afterAll(async () => {
    expect(await devnet.stop()).toBe(0)
    removeDirectory(dataDir)
  })

  const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(url, { method: 'POST', headers, body })
  const errorOf = async (method: string, ...params: unknown[]) => (await askRaw(url, method, params)).error
  const memoryMb = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${devnet.child.pid}/status`, 'utf8'))?.[1]) / 1024

  it.each([
    ['', -32700],
    ['{', -32700],
    ['nonsense', -32700],
    ['{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"', -32700],
    ['[]', -32600],
    ['1', -32600],
    ['null', -32600],
    ['{"id":1,"method":"eth_blockNumber"}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":7}', -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"eth_blockNumber"}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"eth_noSuchMethod"}', -32601],
    ['{"jsonrpc":"2.0","id":1,"method":"__proto__"}', -32601],
    ['{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x12"]}', -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":{"a":1}}', -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["0x1",true,1,2,3]}', -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["0xffffffffffffffffffffffffffffffffff",true]}', -32602],
  ])('answers %s with %d', async (body, code) => {
    const answer: RpcAnswer = JSON.parse(await (await post(body)).text())
    expect(answer).toMatchObject({ jsonrpc: '2.0', error: { code } })
    expect(answer.error?.message).not.toMatch(/internal/i)
  })

  it('survives JSON nested a million times', async () => {
    const deep = '['.repeat(1_000_000)
    expect(JSON.parse(await (await post(deep)).text())).toMatchObject({ error: { code: -32700 } })
    const closed = `{"jsonrpc":"2.0","id":1,"method":"eth_call","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect(JSON.parse(await (await post(closed)).text()).error.code).toBe(-32602)
  })

  it('refuses bodies that are too large, and batches of 10,000 requests', async () => {
    // The answer comes before the body: a client that went on writing might see a reset instead.
    const announced = connect(Number(new URL(url).port), '127.0.0.1')
    announced.write('POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 12000000\r\n\r\n')
    let answer = ''
    for await (const chunk of announced) {
      answer += String(chunk)
      if (answer.endsWith('}}')) break
    }
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":-32600,"message":"request body too large: at most \d+ bytes are allowed"/)
    const request = '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}'
    const batch = await post(`[${Array.from({ length: 10_000 }, () => request).join(',')}]`)
    expect(JSON.parse(await batch.text())).toMatchObject({ error: { code: -32600, message: expect.stringContaining('10000 requests') } })
    const allowed = JSON.parse(await (await post(`[${Array.from({ length: 1_000 }, () => request).join(',')}]`)).text())
    expect(allowed).toHaveLength(1_000)
  })

  it('is no server for web pages: other content types and host names are refused', async () => {
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await fetch(`${url}/admin`)).status).toBe(404)
  })

  describe('that carry transactions', () => {
    const send = (raw: Hex) => errorOf('eth_sendRawTransaction', raw)

    async function signed(fields: Partial<TransactionSerializableEIP1559> = {}): Promise<Hex> {
      const nonce = await client.pendingNonce()
      return client.account.signTransaction({
        ...{ type: 'eip1559', chainId: 313372, nonce, gas: 21_000n, to: receiver, value: 1n },
        ...{ maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1n },
        ...fields,
      })
    }

    /** The same transaction with n − s for s: valid before EIP-2, and another hash. */
    function malleated(raw: Hex): Hex {
      const { r, s, yParity, v: _v, ...transaction } = parseTransaction(raw)
      if (r === undefined || s === undefined) throw new Error('not signed')
      const high: Hex = `0x${(curveOrder - BigInt(s)).toString(16).padStart(64, '0')}`
      return serializeTransaction(transaction as TransactionSerializableEIP1559, { r, s: high, yParity: yParity === 0 ? 1 : 0 })
    }

    it.each<[string, () => Promise<Hex>, RegExp]>([
      ['empty', async () => '0x', /./],
      ['garbage', async () => '0x02ffff', /./],
      ['cut off', async () => (await signed()).slice(0, -2) as Hex, /./],
      ['with bytes after its end', async () => `${await signed()}00`, /./],
      ['of a type that does not exist', async () => `0x7f${(await signed()).slice(4)}`, /type 127 is not supported/],
      ['of another chain', () => signed({ chainId: 1 }), /invalid chain id/],
      [
        'unfunded',
        () =>
          privateKeyToAccount(`0x${'77'.repeat(32)}`).signTransaction({
            ...{ type: 'eip1559', chainId: 313372, nonce: 0, gas: 21_000n, to: receiver, value: 1n },
            ...{ maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1n },
          }),
        /insufficient funds/,
      ],
      ['that spends more than there is', () => signed({ value: 2n ** 200n }), /insufficient funds/],
      ['with too little gas', () => signed({ gas: 20_999n }), /intrinsic gas too low/],
      ['with gas above the cap of EIP-7825', () => signed({ gas: 16_777_217n }), /gas limit/],
      ['with fees below the base fee', () => signed({ maxFeePerGas: 1n }), /max fee per gas less than block base fee/],
      ['too big', () => signed({ gas: 16_000_000n, data: `0x${'00'.repeat(140_000)}` }), /oversized data/],
      [
        'with init code above EIP-3860',
        () => signed({ to: null, gas: 16_000_000n, data: `0x${'00'.repeat(49_153)}` }),
        /max initcode size exceeded/,
      ],
      ['with a high s', async () => malleated(await signed()), /invalid/],
      ['already in the chain', async () => lastSent, /already known|nonce too low/],
      ['with a used nonce', () => signed({ nonce: 0, value: 2n }), /nonce too low/],
    ])('refuses one %s', async (_name, make, message) => {
      const nonce = await client.pendingNonce()
      const error = await send(await make())
      expect(error?.code).toSatisfy((code: number) => code === -32000 || code === -32602, JSON.stringify(error))
      expect(error?.message).toMatch(message)
      expect(error?.message).not.toMatch(/internal/i)
      expect(await client.pendingNonce()).toBe(nonce)
    })

    let lastSent: Hex
    beforeAll(async () => {
      lastSent = await signed()
      expect(await send(lastSent)).toBeUndefined()
    })

    it('refuses blob transactions', async () => {
      const raw = await client.account.signTransaction({
        ...{ type: 'eip4844', chainId: 313372, nonce: await client.pendingNonce(), gas: 21_000n, to: receiver },
        ...{ maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1n, maxFeePerBlobGas: 10n ** 9n },
        blobVersionedHashes: [`0x01${'00'.repeat(31)}`],
        sidecars: false,
      })
      expect(await send(raw)).toMatchObject({ code: -32000, message: expect.stringMatching(/blob|type not supported/) })
    })

    it('lets one with a nonce gap wait', async () => {
      const nonce = await client.pendingNonce()
      expect(await send(await signed({ nonce: nonce + 1 }))).toBeUndefined()
      expect(await client.ask('txpool_status')).toMatchObject({ pending: '0x0', queued: '0x1' })
      expect(await send(await signed({ nonce }))).toBeUndefined()
      expect(await client.ask('txpool_status')).toMatchObject({ pending: '0x0', queued: '0x0' })
      expect(await client.pendingNonce()).toBe(nonce + 2)
    })
  })

  describe('that cost much to answer', () => {
    const contract: Hex = '0x000000000000000000000000000000000000c0de'
    const call = (code: Hex, gas?: Hex) =>
      errorOf('eth_call', { to: contract, ...(gas === undefined ? {} : { gas }) }, 'latest', { [contract]: { code } })

    it.each<[string, Hex, RegExp]>([
      ['an endless loop', endlessLoop, /out of gas|timed out|timeout/],
      ['a memory bomb', memoryBomb, /out of gas/],
    ])('ends %s in a call', async (_name, code, message) => {
      for (const gas of [undefined, '0x7fffffffffffffff'] as const) {
        const error = await call(code, gas)
        expect(error?.code, JSON.stringify(error)).toBe(-32000)
        expect(error?.message).toMatch(message)
      }
      const estimate = await errorOf('eth_estimateGas', { to: contract }, 'latest', { [contract]: { code } })
      expect(estimate?.message).toMatch(/out of gas|gas required exceeds allowance|timed out/)
    })

    it('ends a call that calls itself without end', async () => {
      // Each level keeps a 64th of its gas, so the outermost one succeeds.
      expect(await askRaw(url, 'eth_call', [{ to: contract }, 'latest', { [contract]: { code: recursion } }])).toMatchObject({
        result: '0x',
      })
    })

    it('answers others while it computes', async () => {
      const slow = call(endlessLoop)
      const startedAt = performance.now()
      await client.status()
      const waitedMs = performance.now() - startedAt
      await slow
      expect(waitedMs).toBeLessThan(5_000)
    })

    it('bounds what eth_getLogs returns', async () => {
      const spammer = await client.deploy(initCode(logSpammer))
      const log = async (count: number) => {
        const raw = await client.sign({ nonce: await client.pendingNonce(), to: spammer, value: 0n, gas: 16_000_000n, data: word(count) })
        const hash = await client.ask<Hex>('eth_sendRawTransaction', raw)
        expect((await client.l2.getTransactionReceipt({ hash })).logs).toHaveLength(count)
      }
      await log(15_000)
      const filter = { fromBlock: 'earliest', toBlock: 'latest' }
      expect(await client.ask<unknown[]>('eth_getLogs', filter)).toHaveLength(15_000)
      await log(15_000)
      expect(await errorOf('eth_getLogs', filter)).toMatchObject({ code: -32000, message: expect.stringContaining('20000') })
    })

    it('traces a transaction that burns all gas there is, or says why not', async () => {
      const looper = await client.deploy(initCode(endlessLoop))
      const raw = await client.sign({ nonce: await client.pendingNonce(), to: looper, value: 0n, gas: 16_777_216n })
      const hash = await client.ask<Hex>('eth_sendRawTransaction', raw)
      expect((await client.l2.getTransactionReceipt({ hash })).status).toBe('reverted')
      const before = memoryMb()
      expect(await errorOf('debug_traceTransaction', hash)).toMatchObject({ code: -32000, data: { code: 'TRACE_TOO_LARGE' } })
      expect(await errorOf('debug_traceTransaction', hash, { tracer: 'callTracer', timeout: '10ms' })).toMatchObject({
        code: -32000,
        message: 'execution timeout',
      })
      expect(memoryMb() - before).toBeLessThan(700)
      const limited = await client.ask<{ structLogs: unknown[] }>('debug_traceTransaction', hash, { limit: 1_000 })
      expect(limited.structLogs).toHaveLength(1_000)
    })
  })

  describe('over many connections', () => {
    it('drops subscribers that do not read, and serves the others', async () => {
      const wsUrl = url.replace('http', 'ws')
      const open = async () => {
        const socket = new WebSocket(wsUrl)
        await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
        return socket
      }
      const requestOn = (socket: WebSocket, params: readonly unknown[]) =>
        socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params }))
      const slow = await Promise.all(Array.from({ length: 40 }, open))
      for (const socket of slow) {
        for (const params of [['newHeads'], ['logs', {}], ['newPendingTransactions']]) requestOn(socket, params)
        socket.pause()
      }
      const reader = await open()
      const heads = new Set<string>()
      reader.on('message', (data) => {
        const message: { params?: { result?: { number?: string } } } = JSON.parse(String(data))
        if (message.params?.result?.number !== undefined) heads.add(message.params.result.number)
      })
      requestOn(reader, ['newHeads'])
      // Thousands of logs per block for each of the forty.
      const spammer = await client.deploy(initCode(logSpammer))
      const before = await client.l2.getBlockNumber()
      for (let round = 0; round < 5; round++) {
        const data = word(2_000)
        const raw = await client.sign({ nonce: await client.pendingNonce(), to: spammer, value: 0n, gas: 16_000_000n, data })
        await client.ask<Hex>('eth_sendRawTransaction', raw)
      }
      await until('the reader has seen every head', async () => {
        return [1, 2, 3, 4, 5].every((offset) => heads.has(`0x${(before + BigInt(offset)).toString(16)}`))
      })
      for (const socket of [...slow, reader]) socket.terminate()
    })

    it('bears connections that say half of something', async () => {
      const { hostname, port } = new URL(url)
      const sockets = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const socket = connect(Number(port), hostname)
          socket.on('error', () => undefined)
          await new Promise((resolve) => socket.once('connect', resolve))
          if (index % 2 === 0)
            socket.write('POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"jsonrpc"')
          else if (index % 4 === 1) socket.write('GET / HTTP/1.1\r\nupgrade: websocket\r\nconn')
          return socket
        }),
      )
      await client.transfer(receiver)
      for (const socket of sockets) socket.destroy()
    })
  })

  it('goes on: it seals, settles each batch once, and has not grown without bound', async () => {
    await client.transfer(receiver, 5)
    await client.untilFinal()
    await client.expectSettledOnce()
    expect(await client.status()).toMatchObject({ settlement: { state: 'running', error: null } })
    expect(memoryMb()).toBeLessThan(1_000)
    expect(devnet.stderr()).not.toMatch(/failed unexpectedly/)
  })
})
