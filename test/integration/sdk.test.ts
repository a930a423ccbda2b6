import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPublicClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDevnet, zkdevnetInstance } from '../../sdk/index.ts'
import { removeDirectory, scratchDirectory } from '../testing/devnet-process.ts'

const root = join(import.meta.dirname, '../..')
const notInstalled = ['node_modules', '.git', '.zkdevnet', 'artifacts', 'cache', 'test', 'docs', 'guest/out'].map((path) =>
  join(root, path),
)

/** A project that has installed the package: a copy of it below node_modules, its dependencies beside it. */
function installPackage(project: string): void {
  const modules = join(project, 'node_modules')
  cpSync(root, join(modules, 'zkdevnet'), { recursive: true, filter: (path) => !notInstalled.includes(path) })
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== 'zkdevnet') symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
}

/** The files that the README shows, by name. */
function examples(): Map<string, string> {
  const readme = readFileSync(join(root, 'sdk/README.md'), 'utf8')
  const blocks = readme.matchAll(/<!-- file: (\S+) -->\n```ts\n([\s\S]*?)```/g)
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]))
}

async function run(cwd: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const [code] = await once(child, 'close')
  return { code, output }
}

describe('the SDK in a project that has installed it', () => {
  const project = scratchDirectory()
  const bin = (name: string) => join(project, 'node_modules', name)

  beforeAll(() => {
    mkdirSync(join(project, 'node_modules'))
    installPackage(project)
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'user', type: 'module', private: true }))
    const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'esnext', types: ['node'], skipLibCheck: true }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
    for (const [name, code] of examples()) writeFileSync(join(project, name), code)
  })
  afterAll(() => removeDirectory(project))

  it('has types for every example of its README', async () => {
    expect(examples().size).toBe(7)
    const { code, output } = await run(project, bin('typescript/bin/tsc'), '-p', project)
    expect(output).toBe('')
    expect(code).toBe(0)
  })

  it('starts a devnet and waits for batches', async () => {
    const { code, output } = await run(project, 'batches.ts')
    expect(output).toMatch(/^batch 1 is executed on L1, proof: attested\n$/)
    expect(code).toBe(0)
  })

  it('moves ether in and out', async () => {
    const { code, output } = await run(project, 'bridge.ts')
    expect(output).toMatch(/^credited in L2 block \d+\nclaimed: true\n$/)
    expect(code).toBe(0)
  })

  it('serves the tests of node:test', async () => {
    const { code, output } = await run(project, '--test', 'transfer.test.ts')
    expect(output).toMatch(/pass 1\b/)
    expect(code).toBe(0)
  })

  it('serves the tests of vitest', async () => {
    const { code, output } = await run(project, bin('vitest/vitest.mjs'), 'run')
    expect(output).toMatch(/2 passed/)
    expect(code).toBe(0)
  })
})

describe('startDevnet', () => {
  it('ends the devnet and removes its data, however often it is asked', async () => {
    const devnet = await startDevnet()
    const client = createPublicClient({ chain: devnet.chain, transport: http(undefined, { retryCount: 0 }) })
    expect(await client.getChainId()).toBe(devnet.chain.id)
    expect(existsSync(devnet.dataDir)).toBe(true)
    await Promise.all([devnet.stop(), devnet.stop()])
    expect(existsSync(devnet.dataDir)).toBe(false)
    await expect(client.getChainId()).rejects.toThrow('HTTP request failed')
  })

  it('keeps the data in a directory of the caller, and goes on from there', async () => {
    const dataDir = scratchDirectory()
    try {
      const lines: string[] = []
      const first = await startDevnet({ dataDir, batchMaxAgeMs: 0, onLog: (line) => lines.push(line) })
      const before = createPublicClient({ chain: first.chain, transport: http() })
      await before.request({ method: 'evm_mine' } as never)
      await first.stop()
      expect(lines.join('\n')).toContain('stopping')
      const second = await startDevnet({ dataDir })
      expect(await createPublicClient({ chain: second.chain, transport: http() }).getBlockNumber()).toBe(1n)
      await second[Symbol.asyncDispose]()
    } finally {
      removeDirectory(dataDir)
    }
  })

  it('says why a devnet did not start', async () => {
    await expect(startDevnet({ accounts: 1_000 })).rejects.toMatchObject({
      code: 'DEVNET_NOT_READY',
      message: expect.stringMatching(/it ended with 2[\s\S]*accounts/),
    })
  })

  it('can be called off', async () => {
    const reason = new Error('no longer needed')
    await expect(startDevnet({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const abort = new AbortController()
    const starting = startDevnet({ signal: abort.signal })
    abort.abort(reason)
    await expect(starting).rejects.toBe(reason)
  })

  it('does not leave a devnet behind when its process is killed', async () => {
    const script = `import { startDevnet } from ${JSON.stringify(join(root, 'sdk/index.ts'))}; console.log(JSON.stringify(await startDevnet()))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(child.stdout, 'data')
    const { pid, dataDir } = JSON.parse(String(line))
    child.kill('SIGKILL')
    await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false)
    expect(existsSync(dataDir)).toBe(false)
  })
})

describe('the instance for prool', () => {
  it('starts on the port that it is given, again and again', async () => {
    const messages: string[] = []
    const instance = zkdevnetInstance({ batchMaxAgeMs: 0 })
    expect(instance).toMatchObject({ name: 'zkdevnet', host: '127.0.0.1', port: 3050 })
    for (let round = 0; round < 2; round++) {
      const port = await freePort()
      await instance.start({ port }, { emitter: { emit: (_event, text) => messages.push(text) } })
      const client = createPublicClient({ transport: http(`http://127.0.0.1:${port}`) })
      expect(await client.getChainId()).toBe(313372)
      await instance.stop()
    }
    expect(messages.join('\n')).toContain('stopping')
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
