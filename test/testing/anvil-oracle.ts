import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Hex } from '../../core/index.ts'

const binary = join(import.meta.dirname, '../../node_modules/.bin/anvil')

/** Whether anvil is installed: it is an optional dependency for one platform. */
export const hasAnvil = existsSync(binary)

/** Another implementation of the same rules, to compare answers with. */
export interface AnvilOracle {
  call<T = unknown>(method: string, ...params: unknown[]): Promise<T>
  stop(): Promise<void>
}

export interface OracleOptions {
  readonly chainId: bigint
  readonly timestamp: bigint
  readonly coinbase: Hex
  readonly accounts: readonly { readonly address: Hex; readonly balance?: bigint; readonly code?: Hex }[]
}

export async function startAnvilOracle({ chainId, timestamp, coinbase, accounts }: OracleOptions): Promise<AnvilOracle> {
  const options = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--hardfork',
    'osaka',
    '--chain-id',
    String(chainId),
    '--timestamp',
    String(timestamp),
  ]
  const child = spawn(binary, [...options, '--base-fee', '1000000000', '--gas-limit', '30000000', '--steps-tracing'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let url: string | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    url = /^Listening on (\S+)$/.exec(line)?.[1]
    if (url !== undefined) break
  }
  if (url === undefined) throw new Error('anvil ended before it listened')
  child.stdout.resume()
  const call = async <T>(method: string, ...params: unknown[]): Promise<T> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const response = await fetch(`http://${url}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const { result, error } = Object(await response.json())
    if (error !== undefined) throw new Error(`${method}: ${error.code} ${error.message}`)
    return result
  }
  const stop = async (): Promise<void> => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  try {
    await call('anvil_setCoinbase', coinbase)
    for (const { address, balance, code } of accounts) {
      if (balance !== undefined) await call('anvil_setBalance', address, `0x${balance.toString(16)}`)
      if (code !== undefined) {
        await call('anvil_setCode', address, code)
        await call('anvil_setNonce', address, '0x1')
      }
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { call, stop }
}
