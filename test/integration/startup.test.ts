import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DevnetClient, until } from '../testing/devnet-client.ts'
import {
  DevnetEndedError,
  type DevnetProcess,
  freePorts,
  removeDirectory,
  runCli,
  type SpawnOptions,
  scratchDirectory,
  startDevnet,
} from '../testing/devnet-process.ts'

const root = join(import.meta.dirname, '../..')
const receiver = '0x00000000000000000000000000000000decaf010'

interface Failure {
  readonly code: number | null
  readonly stderr: string
}

/** A start that must not succeed. */
async function failedStart(options: SpawnOptions): Promise<Failure> {
  const started = await startDevnet(options).catch((error: unknown) => {
    if (error instanceof DevnetEndedError) return error
    throw error
  })
  if (started instanceof DevnetEndedError) return started
  await started.kill()
  throw new Error(`started with ${options.args?.join(' ')}`)
}

/** One line that says what failed, lines that say what to do, and no stack. Log lines are JSON. */
function expectOneError({ stderr }: Failure, pattern: RegExp): void {
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
  expect(lines.filter((line) => line.startsWith('error ')).length, stderr).toBe(1)
  expect(lines[0]).toMatch(pattern)
  expect(stderr).not.toMatch(/^\s+at .*\(.*\)$/m)
}

/** Resolves with the exit code, and how long it took. */
async function stopTimed(devnet: DevnetProcess): Promise<{ code: number | null; ms: number }> {
  const startedAt = performance.now()
  const code = await devnet.stop()
  return { code, ms: performance.now() - startedAt }
}

const portOf = (url: string) => new URL(url).port

describe('a running devnet', () => {
  const dataDir = scratchDirectory()
  const other = scratchDirectory()
  let devnet: DevnetProcess
  let client: DevnetClient

  beforeAll(async () => {
    devnet = await startDevnet({ dataDir })
    client = new DevnetClient(devnet.ready)
  })
  afterAll(async () => {
    if (devnet.child.exitCode === null) await devnet.kill()
    for (const directory of [dataDir, other]) removeDirectory(directory)
  })

  it.each([
    ['--port', () => portOf(devnet.ready.l2Url)],
    ['--l1-port', () => portOf(devnet.ready.l1Url)],
    ['--broker-port', () => portOf(devnet.ready.brokerUrl)],
  ])('keeps its port from another one: %s', async (flag, port) => {
    const failure = await failedStart({ dataDir: other, args: [flag, port()] })
    expect(failure.code).toBe(3)
    expectOneError(failure, new RegExp(`Port ${port()} .*in use.*\\[PORT_IN_USE\\]`))
    expect(failure.stderr).toContain(`${flag} `)
  })

  it('keeps its data directory to itself', async () => {
    const failure = await failedStart({ dataDir })
    expect(failure.code).toBe(6)
    expectOneError(failure, new RegExp(`${dataDir} is in use by another node \\(process ${devnet.child.pid}\\)\\. \\[DATA_LOCKED\\]`))
  })

  it('is not reset', async () => {
    const { code, stderr } = await runCli(['reset', '--data-dir', dataDir])
    expect(code).toBe(6)
    expectOneError({ code, stderr }, /DATA_LOCKED/)
    await client.transfer(receiver)
  })

  it('says which batch there is not', async () => {
    const { code, stderr, stdout } = await runCli(['batch', 'show', '999999', '--url', devnet.ready.l2Url])
    expect([code, stdout]).toEqual([1, ''])
    expectOneError({ code, stderr }, /999999.*\[BATCH_NOT_FOUND\]/)
  })

  it.each([[['status']], [['batch', 'show', '0']], [['accounts']]])('prints nothing but JSON with --json: %j', async (command) => {
    const { code, stdout, stderr } = await runCli([
      ...command,
      '--json',
      ...(command[0] === 'accounts' ? [] : ['--url', devnet.ready.l2Url]),
    ])
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toBeTypeOf('object')
  })

  it('ends within ten seconds while transactions are sent and a batch is proven, and loses nothing', async () => {
    const sent = await client.transfer(receiver, 5)
    const batch = await client.ask<string | null>('zkdevnet_sealBatch')
    // Whatever the batch has reached by then: it was sealed a moment ago.
    expect(batch).not.toBeNull()
    let sending = true
    const load = (async () => {
      const answered: string[] = []
      while (sending) answered.push(...(await client.transfer(receiver).catch(() => [])))
      return answered
    })()
    await until('the load has begun', async () => (await client.status()).openBatch.transactionCount !== '0x0')
    const { code, ms } = await stopTimed(devnet)
    sending = false
    const answered = await load
    expect(code).toBe(0)
    expect(ms).toBeLessThan(10_000)

    devnet = await startDevnet({ dataDir })
    client = new DevnetClient(devnet.ready)
    for (const hash of [...sent, ...answered]) {
      expect((await client.l2.getTransactionReceipt({ hash: hash as `0x${string}` })).status).toBe('success')
    }
    await client.untilFinal()
    await client.expectSettledOnce()
  })

  it('ends in order at one Ctrl+C that reaches npm, node and agent alike', async () => {
    const directory = scratchDirectory()
    const child = spawn('npm', ['run', '--silent', 'dev', '--', '--json', '--data-dir', directory, ...freePorts], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    await once(child.stdout, 'data')
    await until('the agent has started', async () => stderr.includes('agent started'))
    if (child.pid === undefined) throw new Error('npm was not started')
    process.kill(-child.pid, 'SIGINT')
    // npm dies of the signal; its pipes close when the node and the agent have ended too.
    await once(child, 'close')
    expect(stderr.match(/"msg":"stopping"/g)).toHaveLength(1)
    // An orderly end: the node told its agent, and nothing else did.
    expect(stderr).toMatch(/"signal":"SIGTERM","msg":"agent stopping"/)
    expect(stderr).not.toContain('agent ended')
    expect((await runCli(['reset', '--data-dir', directory])).code).toBe(0)
    removeDirectory(directory)
  })

  it('is of another chain than the one asked for, after it ended', async () => {
    if (devnet.child.exitCode === null) expect((await stopTimed(devnet)).code).toBe(0)
    const failure = await failedStart({ dataDir, args: ['--chain-id', '4242'] })
    expect(failure.code).toBe(6)
    expectOneError(failure, /chain id 313372, not 4242.*\[CHAIN_MISMATCH\]/)
  })

  it.each<[string, (sqlite: Database.Database) => void, RegExp]>([
    [
      'with tables of a newer version',
      (sqlite) => sqlite.exec(`INSERT INTO schema_migrations (owner, id, hash) VALUES ('chain', 999, '0x00')`),
      /another version of zkdevnet: .*"chain 999".*\[DATA_VERSION\]/,
    ],
    ['of another program', (sqlite) => sqlite.pragma('application_id = 42'), /made by another program.*\[DATA_VERSION\]/],
  ])('is refused %s', async (_name, tamper, message) => {
    const copy = join(other, 'copy')
    removeDirectory(copy)
    cpSync(dataDir, copy, { recursive: true })
    const sqlite = new Database(join(copy, 'devnet.sqlite'))
    tamper(sqlite)
    sqlite.close()
    const failure = await failedStart({ dataDir: copy })
    expect(failure.code).toBe(6)
    expectOneError(failure, message)
  })

  it('is gone after a reset, and only it', async () => {
    writeFileSync(join(dataDir, 'notes.txt'), 'mine')
    expect((await runCli(['reset', '--data-dir', dataDir])).code).toBe(0)
    expect(readdirSync(dataDir)).toEqual(['notes.txt'])
    const again = await runCli(['reset', '--data-dir', dataDir])
    expect(again.code).toBe(2)
    expectOneError(again, /holds no devnet.*\[NO_DEVNET_HERE\]/)
  })
})

// Mostly waiting for Node to load the program.
describe.concurrent('a start', () => {
  const scratch = scratchDirectory()
  afterAll(() => removeDirectory(scratch))

  it('refuses a file that is no database', async () => {
    const dataDir = join(scratch, 'no-database')
    mkdirSync(dataDir)
    writeFileSync(
      join(dataDir, 'devnet.sqlite'),
      'these are my notes, and they are much longer than the header of a database file would be, which is 100 bytes',
    )
    const failure = await failedStart({ dataDir })
    expect(failure.code).toBe(6)
    expectOneError(failure, /it is not an SQLite database.*\[DATA_VERSION\]/)
  })

  it('refuses a data directory that is a file', async () => {
    const dataDir = join(scratch, 'file')
    writeFileSync(dataDir, '')
    const failure = await failedStart({ dataDir })
    expect(failure.code).toBe(1)
    expectOneError(failure, /cannot be written.*\[DATA_DIRECTORY\]/)
  })

  it('says that the L1 does not answer', async () => {
    const failure = await failedStart({ dataDir: join(scratch, 'l1'), args: ['--l1-url', 'http://127.0.0.1:1'] })
    expect(failure.code).toBe(4)
    expectOneError(failure, /The L1 at http:\/\/127\.0\.0\.1:1 does not answer\. \[L1_UNREACHABLE\]/)
    expect(failure.stderr).toContain('--l1-url')
  })

  it.each([
    [['dev', '--bogus'], /--bogus/],
    [['bogus'], /bogus/],
    [['dev', '--port', '70000'], /--port cannot be "70000"/],
    [['dev', '--proofs', 'mock'], /--proofs cannot be "mock"/],
    [['dev', '--mnemonic', 'not a seed phrase'], /mnemonic is not a valid seed phrase/],
    [['batch', 'show', 'x'], /cannot be "x"/],
    [['recover', '--from-l1'], /no L1 to recover from/],
    [['recover'], /--from-l1/],
  ])('refuses wrong usage with 2: %j', async (args, message) => {
    const inScratch = args[0] === 'dev' || args[0] === 'recover' ? ['--data-dir', join(scratch, 'usage')] : []
    const { code, stdout, stderr } = await runCli([...args, ...inScratch])
    expect(stderr).toMatch(message)
    expect([code, stdout]).toEqual([2, ''])
  })

  it('takes the environment as well as flags', async () => {
    const { code, stderr } = await runCli(['dev', '--data-dir', join(scratch, 'env')], { ZKDEVNET_AGENTS: 'many' })
    expect(code).toBe(2)
    expect(stderr).toMatch(/--agents cannot be "many"/)
    expect(stderr).toContain('ZKDEVNET_AGENTS')
  })

  it.each([['status'], ['batch show 1']])('says that no devnet answers: %s', async (command) => {
    const { code, stdout, stderr } = await runCli([...command.split(' '), '--url', 'http://127.0.0.1:1', '--json'])
    expect([code, stdout]).toEqual([1, ''])
    expectOneError({ code, stderr }, /No devnet answers at http:\/\/127\.0\.0\.1:1\. \[NODE_UNREACHABLE\]/)
  })

  it.each([[''], ['dev '], ['batch ']])('begins its help with examples: %s--help', async (command) => {
    const { code, stdout, stderr } = await runCli([...command.split(' ').filter((word) => word !== ''), '--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Examples:\n {2}\$ zkdevnet/)
    expect(stdout).toContain('Usage: zkdevnet')
  })

  it('leaves nothing behind with --ephemeral', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'zkdevnet-test-tmp-'))
    const unused = join(scratch, 'unused')
    const devnet = await startDevnet({ dataDir: unused, args: ['--ephemeral'], env: { TMPDIR: temporary } })
    await new DevnetClient(devnet.ready).transfer(receiver)
    expect(existsSync(devnet.ready.dataDir)).toBe(true)
    const { code, ms } = await stopTimed(devnet)
    expect(code).toBe(0)
    expect(ms).toBeLessThan(10_000)
    expect(readdirSync(temporary).filter((name) => name.startsWith('zkdevnet'))).toEqual([])
    expect(existsSync(unused)).toBe(false)
    removeDirectory(temporary)
  })
})

describe('bin.mjs', () => {
  const older = olderNode()

  it.skipIf(older === undefined)(
    `runs itself again with Node 24 when an older one starts it (${older ?? 'none on this machine'})`,
    async () => {
      const dataDir = scratchDirectory()
      const child: ChildProcess = spawn(older ?? '', ['cli/bin.mjs', 'dev', '--json', '--data-dir', dataDir, ...freePorts], {
        cwd: root,
        // A group of its own, so that the signal can reach all of it, as a terminal's does.
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      if (child.stdout === null || child.pid === undefined) throw new Error('not started')
      const [line] = await once(child.stdout, 'data')
      expect(JSON.parse(String(line))).toMatchObject({ dataDir })
      const exited = once(child, 'exit')
      process.kill(-child.pid, 'SIGINT')
      expect(await exited).toEqual([0, null])
      removeDirectory(dataDir)
    },
  )

  it.skipIf(older === undefined)('hands on the exit code', () => {
    const { status, stderr } = spawnSync(older ?? '', ['cli/bin.mjs', 'dev', '--port', 'x'], { cwd: root, encoding: 'utf8' })
    expect(stderr).toContain('--port cannot be "x"')
    expect(status).toBe(2)
  })
})

/** A Node below 24 outside of this project. */
function olderNode(): string | undefined {
  const candidates = ['/usr/bin/node', ...(process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'node'))]
  return candidates.find((path) => {
    if (path.startsWith(root) || !existsSync(path)) return false
    const { status, stdout } = spawnSync(path, ['-p', 'parseInt(process.versions.node)'], { encoding: 'utf8' })
    return status === 0 && Number(stdout) < 24
  })
}
