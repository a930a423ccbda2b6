import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Address, Chain, Hex } from 'viem'
import { defineZkdevnet, defineZkdevnetL1 } from '../chain.ts'
import type { DevnetContracts } from '../rpc-schema.ts'
import { type DevnetFlags, devnetArguments } from './arguments.ts'
import { DevnetNotReadyError } from './errors.ts'
import { launcherPath } from './launcher.ts'

export interface StartDevnetOptions extends DevnetFlags {
  /** Each line that the devnet logs; by default they are kept for the error of a failed start only. */
  readonly onLog?: ((line: string) => void) | undefined
  /** How long the start may take; 60,000 by default. It takes a second or two on an idle machine. */
  readonly timeoutMs?: number | undefined
  /** Stops the devnet, at any time. */
  readonly signal?: AbortSignal | undefined
}

/** Funded on both layers; the key is public. */
export interface DevAccount {
  readonly address: Address
  readonly privateKey: Hex
}

/** What the devnet prints when it listens, as far as the SDK passes it on. */
interface ReadyLine {
  readonly l1ChainId: number
  readonly l2ChainId: number
  readonly l1Url: string
  readonly l2Url: string
  readonly brokerUrl: string
  readonly dataDir: string
  readonly proofType: string
  readonly contracts: DevnetContracts
  readonly accounts: readonly DevAccount[]
}

export interface RunningDevnet extends Omit<ReadyLine, 'l1ChainId' | 'l2ChainId'> {
  readonly pid: number
  readonly l2WebSocketUrl: string
  /** For viem. */
  readonly chain: Chain<undefined>
  readonly l1Chain: Chain<undefined>
  /** Ends the devnet and removes its data, unless you gave it a directory. Idempotent. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A devnet that takes longer to end is killed. */
const stopWithinMs = 15_000

/**
 * Starts a devnet in a process of its own and resolves when it listens: on free ports, in a temporary directory, with attested proofs.
 * It ends with this process at the latest, however that ends.
 * @throws DevnetNotReadyError
 * @example
 * await using devnet = await startDevnet()
 * const client = createPublicClient({ chain: devnet.chain, transport: http() })
 */
export async function startDevnet({ onLog, timeoutMs = 60_000, signal, ...flags }: StartDevnetOptions = {}): Promise<RunningDevnet> {
  signal?.throwIfAborted()
  // Nobody writes to its stdin: the devnet stops when our end of the pipe closes, be it because this process is gone.
  const child = spawn(process.execPath, [launcherPath(), ...devnetArguments(flags)], {
    stdio: 'pipe',
    env: { ...process.env, NO_COLOR: '1' },
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`))
    child.once('exit', (code, killedBy) => resolve(`it ended with ${killedBy ?? code}`))
  })
  let dataDir: string | undefined
  const end = async (): Promise<void> => {
    child.stdin.end()
    const force = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    await ended
    clearTimeout(force)
    // It has removed its temporary directory itself, unless it was killed.
    if (flags.dataDir === undefined && dataDir !== undefined) await rm(dataDir, { recursive: true, force: true })
  }
  let ending: Promise<void> | undefined
  const stop = (): Promise<void> => {
    ending ??= end()
    return ending
  }

  const lastLines: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    onLog?.(line)
    lastLines.push(line)
    if (lastLines.length > keptLines) lastLines.shift()
  })
  let giveUp = (_reason: string): void => {}
  const givenUp = new Promise<string>((resolve) => {
    giveUp = resolve
  })
  const timeout = setTimeout(() => giveUp(`it took longer than ${timeoutMs} ms`), timeoutMs)
  const onAbort = (): void => {
    giveUp('it was aborted')
    void stop()
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  const line = await Promise.race([firstLine(child.stdout), ended.then(failed), givenUp.then(failed)])
  clearTimeout(timeout)
  if (typeof line !== 'string') {
    await stop()
    signal?.throwIfAborted()
    throw new DevnetNotReadyError({ reason: line.failure, lastLines })
  }
  // What `zkdevnet dev --json` prints.
  const ready = JSON.parse(line) as ReadyLine
  dataDir = ready.dataDir
  const { l1Url, l2Url, brokerUrl, proofType, contracts, accounts, l1ChainId, l2ChainId } = ready
  return {
    ...{ l1Url, l2Url, brokerUrl, dataDir, proofType, contracts, accounts },
    l2WebSocketUrl: l2Url.replace(/^http/, 'ws'),
    chain: defineZkdevnet({ l2Url, chainId: l2ChainId, l1ChainId }),
    l1Chain: defineZkdevnetL1({ l1Url, l1ChainId }),
    pid: child.pid ?? 0,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Lines of its log that the error of a failed start shows. */
const keptLines = 20

function failed(failure: string): { readonly failure: string } {
  return { failure }
}

async function firstLine(stdout: Readable): Promise<string> {
  const lines = createInterface({ input: stdout })
  // Where there is no line, the process has ended, which is told by its exit.
  return await new Promise((resolve) => lines.once('line', resolve))
}
