import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'

const hardhatCli = join(import.meta.dirname, '../../node_modules/hardhat/dist/src/cli.js')
const written = ['artifacts', 'cache', 'types', '.openzeppelin', 'ignition/deployments']

/** A Hardhat project that knows the devnet by its URL alone (`DEVNET_URL` in its configuration). */
export class HardhatProject {
  readonly #path: string
  readonly #url: string

  constructor({ path, url }: { readonly path: string; readonly url: string }) {
    this.#path = path
    this.#url = url
  }

  /** Forgets what earlier runs wrote. */
  clean(): void {
    for (const folder of written) rmSync(join(this.#path, folder), { recursive: true, force: true })
  }

  async run(...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [hardhatCli, ...args], {
      cwd: this.#path,
      env: { ...process.env, DEVNET_URL: this.#url, NO_COLOR: '1', HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
    const [code] = await once(child, 'close')
    return { code, output }
  }
}
