import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Hex } from '../core/index.ts'
import type { Archive } from './archive.ts'
import { parseLogFilter } from './log-filter.ts'

/**
 * The state that EDR asked for. EDR loads every account and slot before it changes it, and asks once for each, so whatever it
 * changed since it started is among these, except for slots that a contract used in the very transaction that created it.
 */
export interface TouchedState {
  readonly accounts: ReadonlySet<Hex>
  readonly slots: ReadonlyMap<Hex, ReadonlySet<Hex>>
}

export interface ArchiveServer {
  readonly url: string
  readonly touched: TouchedState
  close(): Promise<void>
}

// EDR keeps what it reads from a block of this depth; without that it asks again for every access.
const pretendedDepth = 1_000

/** Serves the archive at a checkpoint to EDR's fork mode, on a port of 127.0.0.1 that nobody else knows. */
export async function startArchiveServer({
  archive,
  checkpoint,
  chainId,
}: {
  archive: Archive
  checkpoint: number
  chainId: number
}): Promise<ArchiveServer> {
  const accounts = new Set<Hex>()
  const slots = new Map<Hex, Set<Hex>>()

  function stateBlock(tag: unknown): number {
    const block = Number(tag)
    if (!archive.isCheckpoint(block)) {
      throw new Error(`the L1 keeps no state of block ${block}: it was dropped at the checkpoint of block ${checkpoint}`)
    }
    return block
  }

  function account(address: unknown, tag: unknown): { balance: Hex; nonce: Hex; code: Hex } {
    const key = lowerHex(address)
    accounts.add(key)
    return archive.account(key, stateBlock(tag))
  }

  function slot(address: unknown, position: unknown, tag: unknown): Hex {
    const key = lowerHex(address)
    const slotKey = toQuantity(position)
    const known = slots.get(key) ?? new Set()
    slots.set(key, known.add(slotKey))
    return `0x${archive.slot(key, slotKey, stateBlock(tag)).slice(2).padStart(64, '0')}`
  }

  function block(found: ReturnType<Archive['block']>, full: unknown): unknown {
    if (found === undefined || Number(found.number) > checkpoint) return null
    return full === true ? found : { ...found, transactions: found.transactions.map(({ hash }) => hash) }
  }

  function ofTransaction(hash: unknown, pick: (at: { block: number; position: number }) => unknown): unknown {
    const at = archive.transactionPosition(String(hash))
    return at === undefined || at.block > checkpoint ? null : (pick(at) ?? null)
  }

  function logs(criteria: unknown): unknown {
    if (typeof criteria !== 'object' || criteria === null) return []
    const filter = parseLogFilter(criteria)
    const fromBlock = 'fromBlock' in criteria ? Number(criteria.fromBlock) : 0
    const toBlock = 'toBlock' in criteria ? Math.min(Number(criteria.toBlock), checkpoint) : checkpoint
    return archive.logs({ fromBlock, toBlock, filter })
  }

  const methods: Record<string, (params: readonly unknown[]) => unknown> = {
    eth_chainId: () => toQuantity(chainId),
    net_version: () => String(chainId),
    eth_blockNumber: () => toQuantity(checkpoint + pretendedDepth),
    eth_getBlockByNumber: ([number, full]) => block(archive.block(Number(number)), full),
    eth_getBlockByHash: ([hash, full]) => block(archive.blockByHash(String(hash)), full),
    eth_getTransactionByHash: ([hash]) => ofTransaction(hash, (at) => archive.block(at.block)?.transactions[at.position]),
    eth_getTransactionReceipt: ([hash]) => ofTransaction(hash, (at) => archive.receipts(at.block)?.[at.position]),
    eth_getBlockReceipts: ([number]) => archive.receipts(Number(number)) ?? null,
    eth_getLogs: ([criteria]) => logs(criteria),
    eth_getBalance: ([address, tag]) => account(address, tag).balance,
    eth_getTransactionCount: ([address, tag]) => account(address, tag).nonce,
    eth_getCode: ([address, tag]) => account(address, tag).code,
    eth_getStorageAt: ([address, position, tag]) => slot(address, position, tag),
  }

  function answer(request: unknown): unknown {
    const { id, method, params } = parseRequest(request)
    const handler = methods[method]
    if (handler === undefined) return { jsonrpc: '2.0', id, error: { code: -32601, message: `the L1 archive does not answer ${method}` } }
    try {
      return { jsonrpc: '2.0', id, result: handler(params) }
    } catch (error) {
      return { jsonrpc: '2.0', id, error: { code: -32000, message: error instanceof Error ? error.message : String(error) } }
    }
  }

  const server = createServer((request, response) => {
    respond(request, response, answer)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  server.unref()
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    touched: { accounts, slots },
    close: () => closeServer(server),
  }
}

function respond(request: IncomingMessage, response: ServerResponse, answer: (request: unknown) => unknown): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    try {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(Array.isArray(body) ? body.map(answer) : answer(body)))
    } catch {
      response.statusCode = 400
      response.end()
    }
  })
}

function parseRequest(request: unknown): { id: unknown; method: string; params: readonly unknown[] } {
  if (typeof request !== 'object' || request === null || !('method' in request)) return { id: null, method: '', params: [] }
  const id = 'id' in request ? request.id : null
  const params = 'params' in request && Array.isArray(request.params) ? request.params : []
  return { id, method: String(request.method), params }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the archive server has no port')
  return address.port
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

// EDR writes addresses and quantities as hex.
function lowerHex(value: unknown): Hex {
  return String(value).toLowerCase() as Hex
}

export function toQuantity(value: unknown): Hex {
  return `0x${BigInt(String(value)).toString(16)}`
}
