import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examplePath } from '../../guest/examples/programs.ts'
import { Assembler } from '../../zkvm/isa/testing/assembler.ts'
import { makeElf, textBase } from '../../zkvm/isa/testing/make-elf.ts'
import { removeDirectory, runCli, scratchDirectory } from '../testing/devnet-process.ts'
import { type Captures, captureProof, proofCaptures, shapeOf, shownIn } from '../testing/readme-capture.ts'

const root = join(import.meta.dirname, '../..')
const folder = scratchDirectory()
const fibonacci = examplePath('fibonacci')
const digits = examplePath('digits')
const proof = join(folder, 'proof')

/** A file in the folder of this test. */
function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

function word(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer)
}

function changed(bytes: Uint8Array, position: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[position] = value
  return copy
}

function faultyProgram(): Uint8Array {
  const bytes = new Uint8Array(new Assembler(textBase).emit('addi').emit('lw', { rd: 5, rs1: 0, imm: 8 }).words.buffer)
  const symbols = [{ name: 'read_nothing', address: textBase, size: bytes.length }]
  return makeElf({ segments: [{ address: textBase, bytes, flags: 5 }], symbols })
}

let shown: Pick<Captures, (typeof proofCaptures)[number]>

beforeAll(async () => {
  shown = await captureProof(folder)
})
afterAll(() => removeDirectory(folder))

describe('a program proven from the command line', () => {
  it('with the default parameters is verified, and the README shows it', () => {
    const readme = shownIn(readFileSync(join(root, 'README.md'), 'utf8'))
    for (const name of proofCaptures) expect(shapeOf(readme[name])).toBe(shapeOf(shown[name]))
    expect(shown.verify).toContain('public output  0x07')
  })

  it('is verified for scripts, too', async () => {
    const { code, stdout } = await runCli(['verify', proof, '--program', digits, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ valid: true, exitCode: 0, output: expect.stringMatching(/^0x07[0-9a-f]{62}$/) })
  })

  it('runs without a proof, with a profile', async () => {
    const input = fileOf('ten', word(10))
    const { code, stdout } = await runCli(['run', fibonacci, '--input', input, '--profile', '--json'])
    expect(code).toBe(0)
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({ exitCode: 10, output: `0x37${'00'.repeat(31)}`, systemCalls: { commit: 1, halt: 1 } })
    const profiled = result.profile.reduce((sum: number, { cycles }: { readonly cycles: number }) => sum + cycles, 0)
    expect(profiled).toBe(result.cycles)
    const text = await runCli(['run', fibonacci, '--input', input, '--profile'])
    expect(text.stdout).toMatch(/^function +cycles +share\nprogram +\d+ +\d+\.\d %$/m)
  })
})

interface Refusal {
  readonly args: () => readonly string[]
  readonly exit: number
  readonly says: RegExp
}

const out = ['--out', join(folder, 'never')]

const refusals: Readonly<Record<string, Refusal>> = {
  'a file that is no program': {
    args: () => ['prove', fileOf('text', Buffer.from('int main(void) {}'.repeat(10))), ...out],
    exit: 2,
    says: /^error The program file cannot be loaded: it is not an ELF file\. \[PROGRAM_FILE_INVALID\]\n/,
  },
  'a program for another processor': {
    args: () => ['prove', fileOf('x86', changed(readFileSync(fibonacci), 18, 62)), ...out],
    exit: 2,
    says: /^error The program is not RV32IM: the file is for ELF machine 62, RISC-V is 243\. \[NOT_RV32IM\]\n.*clang --target=riscv32/,
  },
  'a program with compressed instructions': {
    args: () => ['run', fileOf('compressed', changed(readFileSync(fibonacci), 36, 1))],
    exit: 2,
    says: /^error The program is not RV32IM: compressed instructions\. \[NOT_RV32IM\]\n/,
  },
  'too many cycles': {
    args: () => ['prove', fibonacci, '--input', fileOf('very many', word(1_400_000)), ...out],
    exit: 5,
    says: /^error The run takes more than 67108864 cycles; one proof can have 67108864\. \[PROOF_TOO_LONG\]\n.*\n.*--profile/m,
  },
  'more cycles than a run may have': {
    args: () => ['run', fibonacci, '--input', fileOf('many', word(100_000)), '--max-cycles', '1000'],
    exit: 5,
    says: /^error The program did not halt within 1000 cycles; it stood at pc 0x[0-9a-f]{8} in program\. \[PROGRAM_CYCLE_LIMIT\]\n/,
  },
  'a fault': {
    args: () => ['prove', fileOf('faulty', faultyProgram()), ...out],
    exit: 5,
    says: /^error The program faulted at pc 0x01000004 in read_nothing after 1 cycles: `lw t0, 8\(zero\)` at address 0x00000008, outside RAM\. \[PROGRAM_FAULT\]\n/m,
  },
  'a program that is not there': {
    args: () => ['prove', join(folder, 'missing'), ...out],
    exit: 2,
    says: /^error \S+missing cannot be read: no such file or directory\. \[FILE_NOT_READABLE\]\n/,
  },
  'a folder as the input': {
    args: () => ['run', fibonacci, '--input', folder],
    exit: 2,
    says: /^error \S+ cannot be read: illegal operation on a directory\. \[FILE_NOT_READABLE\]\n/,
  },
  'a proof that would go into no folder, before it is made': {
    args: () => ['prove', fibonacci, '--out', join(folder, 'missing/proof')],
    exit: 2,
    says: /^error \S+missing\/proof cannot be written: no such file or directory\. \[FILE_NOT_WRITABLE\]\n$/,
  },
  'a proof that would replace a folder': {
    args: () => ['prove', fibonacci, '--out', folder],
    exit: 2,
    says: /^error \S+ cannot be written: it is a directory\. \[FILE_NOT_WRITABLE\]\n$/,
  },
  'a number of threads that is none': {
    args: () => ['prove', fibonacci, '--threads', 'all', ...out],
    exit: 2,
    says: /^error --threads cannot be "all": it is a whole number from 0 to 64\. \[PROVE_USAGE\]\n$/,
  },
  'segments of more rows than tables have': {
    args: () => ['prove', fibonacci, '--segment-rows', '22', ...out],
    exit: 2,
    says: /^error --segment-rows cannot be "22": it is a whole number from 12 to 21, 20 by default\. \[PROVE_USAGE\]\n$/,
  },
  'no cycles at all': {
    args: () => ['run', fibonacci, '--max-cycles', '0'],
    exit: 2,
    says: /^error --max-cycles cannot be "0": it is a whole number above 0\. \[RUN_USAGE\]\n$/,
  },
  'a proof of another program': {
    args: () => ['verify', proof, '--program', fibonacci],
    exit: 5,
    says: /^error The proof is of another program, or of another version of the prover\. \[PROOF_OF_ANOTHER_PROGRAM\]\n/,
  },
  'a proof that was cut short': {
    args: () => ['verify', fileOf('cut', readFileSync(proof).subarray(0, 5000)), '--program', digits],
    exit: 5,
    says: /^error The proof is not valid: it ends after \d+ bytes\. \[INVALID_PROOF\]\n +The check that failed: encoding\.\n/,
  },
  'a proof of which hardly anything is left': {
    args: () => ['verify', fileOf('stub', readFileSync(proof).subarray(0, 40)), '--program', digits],
    exit: 2,
    says: /^error This is not a proof file: it ends after 40 bytes, in its header\. \[PROOF_FILE_INVALID\]\n/,
  },
  'a proof that claims another output': {
    args: () => ['verify', fileOf('forged', changed(readFileSync(proof), 57, 8)), '--program', digits],
    exit: 5,
    says: /^error The proof is not valid: .*\. \[INVALID_PROOF\]\n +The check that failed: bus-balance\.\n/,
  },
  'the program in place of the proof': {
    args: () => ['verify', digits, '--program', digits],
    exit: 2,
    says: /^error This is not a proof file: it does not begin like one\. \[PROOF_FILE_INVALID\]\n/,
  },
}

describe('the command line refuses', () => {
  it.each(Object.entries(refusals))('%s', async (_, { args, exit, says }) => {
    const { code, stdout, stderr } = await runCli(args())
    expect(stderr.replace(/^running the program.*\n/, '')).toMatch(says)
    expect([code, stdout]).toEqual([exit, ''])
  })
})

describe('Ctrl+C ends a proof at once and leaves no file', () => {
  it.each(['running the program', 'committing to the program'])('after %s', async (phase) => {
    const path = join(folder, 'interrupted')
    const args = ['cli/main.ts', 'prove', fibonacci, '--input', fileOf('n', word(1000)), '--out', path]
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'ignore', 'pipe'] })
    const ended = once(child, 'exit')
    for await (const line of createInterface({ input: child.stderr })) if (line.startsWith(phase)) child.kill('SIGINT')
    expect(await ended).toEqual([null, 'SIGINT'])
    expect(readdirSync(folder).filter((name) => name.startsWith('interrupted'))).toEqual([])
  })
})
