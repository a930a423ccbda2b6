import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Hex } from '../../core/index.ts'

const root = join(import.meta.dirname, '../..')

/** What `zkdevnet dev --json` prints when it is ready. */
export interface ReadyLine {
  readonly l1Url: string
  readonly l2Url: string
  readonly brokerUrl: string
  readonly dataDir: string
  readonly proofType: string
  readonly contracts: { readonly rollup: Hex; readonly inbox: Hex; readonly bridge: Hex; readonly verifier: Hex }
  readonly accounts: readonly { readonly address: Hex; readonly privateKey: Hex }[]
  readonly agents: readonly number[]
}

export interface DevnetProcess {
  readonly ready: ReadyLine
  readonly child: ChildProcess
  /** Everything on stderr so far. */
  stderr(): string
  /** Ctrl+C; resolves with the exit code. */
  stop(): Promise<number | null>
  /** kill -9 of the node; resolves when it is gone. */
  kill(): Promise<void>
  /** Resolves when the process ends by itself. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** A directory that the caller removes; devnets of one test may share it in turn. */
export function scratchDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'zkdevnet-test-'))
}

export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true })
}

export const freePorts = ['--port', '0', '--l1-port', '0', '--broker-port', '0'] as const

export interface SpawnOptions {
  readonly dataDir: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Another entry than the CLI: the fault tests bring their own. */
  readonly entry?: string
}

function spawnNode({ dataDir, args = [], env = {}, entry = 'cli/main.ts' }: SpawnOptions): ChildProcess {
  return spawn(process.execPath, [join(root, entry), 'dev', '--json', '--data-dir', dataDir, ...freePorts, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Starts a devnet on free ports and resolves when it is ready; rejects with its stderr when it ends before. */
export async function startDevnet(options: SpawnOptions): Promise<DevnetProcess> {
  const child = spawnNode(options)
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  if (child.stdout === null) throw new Error('the devnet has no stdout')
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    exited.then(({ code, signal }) => {
      throw new DevnetEndedError(code, signal, stderr)
    }),
  ])
  return {
    ready: JSON.parse(line),
    child,
    stderr: () => stderr,
    exited,
    async stop() {
      child.kill('SIGINT')
      return (await exited).code
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** The devnet ended before it was ready. */
export class DevnetEndedError extends Error {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
  constructor(code: number | null, signal: NodeJS.Signals | null, stderr: string) {
    super(`the devnet ended with ${signal ?? code} before it was ready:\n${stderr}`)
    this.code = code
    this.signal = signal
    this.stderr = stderr
  }
}

/** Runs a command of the CLI to its end. */
export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return await runScript('cli/main.ts', args, env)
}

/** Runs a script of the project with this Node to its end. */
export async function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}
