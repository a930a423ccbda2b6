import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Logger, Service } from '../core/index.ts'

export interface AgentProcessesOptions {
  readonly count: number
  /** Environment of the agents: where the broker is, and the keys. */
  readonly env: Readonly<Record<string, string>>
}

const entry = join(import.meta.dirname, '../prover/agent/main.ts')
// As for the node (bin.mjs): a batch takes some 50 MB, the rest would be garbage that lies about.
const heapFlags = ['--max-semi-space-size=8', '--heap-growing-percent=100']
const firstRestartDelayMs = 100
const longestRestartDelayMs = 10_000
const healthyAfterMs = 30_000
const stopWithinMs = 5_000

/** Runs prover agents as child processes, and starts one anew when it dies. An agent ends by itself when its stdin closes, so no node leaves orphans. */
export class AgentProcesses implements Service {
  readonly #opts: AgentProcessesOptions
  readonly #deps: { readonly log: Logger }
  readonly #running = new Set<ChildProcess>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #stopped = false

  constructor(opts: AgentProcessesOptions, deps: { readonly log: Logger }) {
    this.#opts = opts
    this.#deps = deps
  }

  async start(): Promise<void> {
    for (let index = 0; index < this.#opts.count; index++) this.#spawn(index, firstRestartDelayMs)
  }

  pids(): readonly number[] {
    return [...this.#running].flatMap(({ pid }) => pid ?? [])
  }

  #spawn(index: number, delayMs: number): void {
    const startedAt = performance.now()
    const child = spawn(process.execPath, [...heapFlags, entry], {
      env: { ...process.env, ...this.#opts.env, ZKDEVNET_AGENT_NAME: `agent-${index}` },
      // Out of the terminal's process group: Ctrl+C is for the node, which then stops its agents.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    this.#running.add(child)
    if (child.pid !== undefined) yieldToTheNode(child.pid)
    if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', (line) => relayLogLine(line, index, this.#deps.log))
    child.on('error', (error) => {
      this.#running.delete(child)
      this.#deps.log.error({ agent: index, error: error.message }, 'agent not started')
    })
    child.on('exit', (code, signal) => {
      this.#running.delete(child)
      if (this.#stopped) return
      const delay = performance.now() - startedAt > healthyAfterMs ? firstRestartDelayMs : delayMs
      this.#deps.log.warn({ agent: index, code, signal, restartInMs: delay }, 'agent ended')
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        this.#spawn(index, Math.min(delay * 2, longestRestartDelayMs))
      }, delay)
      this.#timers.add(timer)
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    await Promise.all(
      [...this.#running].map(async (child) => {
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        const force = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
        await ended
        clearTimeout(force)
      }),
    )
  }
}

/** An agent logs JSON lines; they become lines of the node's own log. Anything else on its stderr is a complaint of its runtime. */
function relayLogLine(line: string, agent: number, log: Logger): void {
  const parsed = parseLogLine(line)
  if (parsed === undefined) {
    log.warn({ agent, line }, 'agent printed')
    return
  }
  const { level, time: _time, pid: _pid, hostname: _hostname, name: _name, msg, ...fields } = parsed
  const severity = Number(level)
  const method = severity >= 50 ? 'error' : severity >= 40 ? 'warn' : severity >= 30 ? 'info' : 'debug'
  log[method]({ agent, ...fields }, String(msg))
}

function parseLogLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    // Checked to be an object; its fields are unknown.
    return typeof value === 'object' && value !== null && 'msg' in value ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Proving takes all the time that it gets, and nobody waits for it as for an answer. */
function yieldToTheNode(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // It ended at once, or the system does not allow it: only slower.
  }
}
