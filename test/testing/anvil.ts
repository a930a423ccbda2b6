import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const binary = join(import.meta.dirname, '../../node_modules/.bin/anvil')

/** An L1 that is not ours, in a process that a test may stop, kill and start again on the same port with the same state. */
export class Anvil {
  readonly url: string
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
    this.#exited = once(child, 'exit')
  }

  /** With `stateFile` it goes on from there, and saves there at a clean end. Port 0 takes a free one. */
  static async start({ stateFile, port = 0 }: { readonly stateFile?: string; readonly port?: number } = {}): Promise<Anvil> {
    const args = [
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--balance',
      '10000000',
      ...(stateFile === undefined ? [] : ['--state', stateFile]),
    ]
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const line of createInterface({ input: child.stdout })) {
      const [, address] = /^Listening on (\S+)$/.exec(line) ?? []
      if (address === undefined) continue
      child.stdout.resume()
      return new Anvil(`http://${address}`, child)
    }
    throw new Error('anvil ended before it listened')
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  /** It no longer answers, and keeps everything. */
  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  /** Saves its state, where it has a file for it. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    await this.#exited
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }
}
