import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { residentMiB } from './machine.ts'

const root = join(import.meta.dirname, '..')

// anvil was seen to stall under automine and to take all memory of the machine while it did.
const maxResidentMiB = 4_096
const memoryCheckMs = 1_000
const stopWithinMs = 15_000

export interface Peer {
  readonly name: string
  readonly url: string
  readonly pid: number
  /** Whether it has an L1 on which blocks become final. */
  readonly settles: boolean
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function untilAnswering(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 1_200; attempt++) {
    if (child.exitCode !== null) throw new Error(`the server at ${url} ended with ${child.exitCode}`)
    const answered = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
    }).then(
      (response) => response.ok,
      () => false,
    )
    if (answered) return
    await wait(50)
  }
  throw new Error(`no answer from ${url}`)
}

async function start(name: string, command: string, args: (port: number) => readonly string[], cleanUp = () => {}): Promise<Peer> {
  const port = await freePort()
  const child = spawn(command, args(port), { cwd: root, stdio: 'ignore' })
  const ended = once(child, 'exit')
  const memoryCheck = setInterval(() => {
    if (residentMiB(child.pid ?? 0) > maxResidentMiB) child.kill('SIGKILL')
  }, memoryCheckMs)
  child.once('exit', () => clearInterval(memoryCheck))
  const url = `http://127.0.0.1:${port}`
  await untilAnswering(url, child)
  return {
    name,
    url,
    pid: child.pid ?? 0,
    settles: name === 'zkdevnet',
    async stop() {
      child.kill('SIGINT')
      const force = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      await ended
      clearTimeout(force)
      cleanUp()
    },
  }
}

interface ZkdevnetOptions {
  readonly nodeArgs?: readonly string[]
  readonly args?: readonly string[]
}

/** zkdevnet on a fresh data directory. */
export function startZkdevnet({ nodeArgs = [], args = [] }: ZkdevnetOptions = {}): Promise<Peer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-bench-'))
  return start(
    'zkdevnet',
    process.execPath,
    (port) => [
      ...nodeArgs,
      ...['cli/bin.mjs', 'dev', '--data-dir', dataDir, '--port', `${port}`, '--l1-port', '0', '--broker-port', '0', '--proofs', 'attested'],
      ...args,
    ],
    () => rmSync(dataDir, { recursive: true, force: true }),
  )
}

export function startHardhatNode(): Promise<Peer> {
  return start('hardhat node', process.execPath, (port) => [
    'node_modules/hardhat/dist/src/cli.js',
    'node',
    '--hostname',
    '127.0.0.1',
    '--port',
    `${port}`,
  ])
}

export function startAnvil(): Promise<Peer> {
  return start('anvil', join(root, 'node_modules/.bin/anvil'), (port) => ['--silent', '--port', `${port}`])
}
