import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { removeDirectory, runCli, runScript, scratchDirectory } from './devnet-process.ts'

const root = join(import.meta.dirname, '../..')

export const devnetCaptures = ['banner', 'erc20', 'status'] as const
export const proofCaptures = ['run', 'prove', 'verify'] as const

/** What the README shows, by the name of its place. */
export type Captures = Readonly<Record<(typeof devnetCaptures | typeof proofCaptures)[number], string>>

/** Runs a devnet as the README tells to, and takes down what it prints; ports and path are shown as a user has them. */
export async function captureDevnet(): Promise<Pick<Captures, (typeof devnetCaptures)[number]>> {
  const dataDir = scratchDirectory()
  const args = ['dev', '--data-dir', dataDir, '--port', '0', '--l1-port', '0', '--broker-port', '0']
  const child = spawn(process.execPath, [join(root, 'cli/main.ts'), ...args], {
    // As a user has it, whatever other tests choose.
    env: { ...process.env, NO_COLOR: '1', ZKDEVNET_PROOFS: undefined },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (line.startsWith('Listening on ')) break
    }
    const banner = lines.join('\n')
    const url = (name: string) => new RegExp(`^ *${name} +(http://127\\.0\\.0\\.1:\\d+)`, 'm').exec(banner)?.[1] ?? ''
    const asShown = (text: string) =>
      text
        .replaceAll(url('L1'), 'http://127.0.0.1:8545')
        .replaceAll(url('L2'), 'http://127.0.0.1:3050')
        .replaceAll(url('Prover jobs'), 'http://127.0.0.1:3051')
        .replaceAll(dataDir, '/home/you/zkdevnet/.zkdevnet')
        .trimEnd()
    const erc20 = await runScript('examples/viem/erc20.ts', [url('L2')])
    const status = await runCli(['status', '--url', url('L2')])
    return { banner: asShown(banner), erc20: asShown(erc20.stdout), status: asShown(status.stdout) }
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    await ended
    removeDirectory(dataDir)
  }
}

const program = 'guest/examples/elf/digits.elf'
const input = 'guest/examples/seven.txt'

/** Proves a program as the README tells to; the proof is in the file `proof` of the folder afterwards. */
export async function captureProof(folder: string): Promise<Pick<Captures, (typeof proofCaptures)[number]>> {
  const proof = join(folder, 'proof')
  const captured = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runCli([...args, '--quiet'])
    if (code !== 0 || stderr !== '') throw new Error(`zkdevnet ${args.join(' ')} ended with ${code}:\n${stderr}`)
    return stdout.replaceAll(proof, 'proof').trimEnd()
  }
  return {
    run: await captured('run', program, '--input', input),
    prove: await captured('prove', program, '--input', input, '--out', proof),
    verify: await captured('verify', proof, '--program', program),
  }
}

const commands: Captures = {
  banner: '$ npm run dev',
  erc20: '$ npx node examples/viem/erc20.ts',
  status: '$ npx zkdevnet status',
  run: `$ npx zkdevnet run ${program} --input ${input}`,
  prove: `$ npx zkdevnet prove ${program} --input ${input} --out proof`,
  verify: `$ npx zkdevnet verify proof --program ${program}`,
}

/** The text that stands in the README under each command. */
export function shownIn(readme: string): Captures {
  const under = (command: string) => {
    const start = readme.indexOf(`${command}\n`)
    if (start === -1) throw new Error(`the README does not show \`${command}\``)
    const text = readme.slice(start + command.length + 1)
    return text.slice(0, Math.min(...['\n```', '\n\n$ '].map((end) => text.indexOf(end)).filter((at) => at !== -1)))
  }
  return {
    banner: under(commands.banner),
    erc20: under(commands.erc20),
    status: under(commands.status),
    run: under(commands.run),
    prove: under(commands.prove),
    verify: under(commands.verify),
  }
}

/** The README with these captures. */
export function withCaptures(readme: string, captures: Captures): string {
  const shown = shownIn(readme)
  let text = readme
  for (const name of [...devnetCaptures, ...proofCaptures]) {
    text = text.replace(`${commands[name]}\n${shown[name]}`, () => `${commands[name]}\n${captures[name]}`)
  }
  return text
}

/** Numbers and hashes differ from run to run, and with them the columns' widths; kernels from processor to processor. */
export function shapeOf(text: string): string {
  return text
    .replaceAll(/0x[0-9a-fA-F]{40,}/g, '0x…')
    .replaceAll(/(?<=kernels: ).*/g, '…')
    .replaceAll(/\d+([.–]\d+)*/g, '#')
    .replaceAll(/ {2,}/g, '  ')
}
