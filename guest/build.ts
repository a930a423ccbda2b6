import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createProgramKey, describeProgram, loadProgram, ProverWorkers, programIdOf, provableHeights } from '../zkvm/index.ts'
import { describeElf, type ProgramDescription, programPaths, type StarkDescription } from './program.ts'

const guest = dirname(fileURLToPath(import.meta.url))
const sourceRoot = join(guest, 'src')
const testRoot = join(guest, 'test')
const fuzzRoot = join(guest, 'fuzz')
const out = join(guest, 'out')

export interface GuestTarget {
  readonly machine: 'host' | 'riscv'
  /** AddressSanitizer and UndefinedBehaviorSanitizer; of the host only. */
  readonly sanitize?: boolean
  /** With libFuzzer's counters and its main; of the host with sanitizers only. */
  readonly fuzz?: boolean
  /** On RISC-V: `ecall`s of the machine, which is the default, or plain C as on the host. */
  readonly crypto?: 'machine' | 'software'
  /** For objects and products; guest/out when absent. */
  readonly directory?: string
}

const warnings = [
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wshadow',
  '-Wstrict-prototypes',
  '-Wmissing-prototypes',
  '-Wvla',
  '-Wimplicit-fallthrough',
]

// No path, time or name of the machine gets into an object.
const reproducible = [`-ffile-prefix-map=${guest}=guest`, '-Wdate-time', '-fno-ident']

const machineFlags = {
  host: ['-g', '-fno-omit-frame-pointer'],
  riscv: ['--target=riscv32', '-march=rv32im', '-mabi=ilp32', '-ffreestanding', '-nostdlib', '-ffunction-sections', '-fdata-sections'],
} as const

// Across files, as a call costs two jumps and a frame: 6 % of the cycles. Not the functions that the compiler itself calls for copies, which
// the linker must find as they are, and not the entry.
const linkTimeOptimization = '-flto'
const withoutLinkTimeOptimization = ['memory.c', 'divide.c', 'start.c'].map((name) => join(sourceRoot, 'platform/riscv', name))

// What few blocks run, and what of it does no arithmetic of its own: the machine's table of the program has 2^16 rows.
const rarelyRun =
  /\/(bls12_(curve|isogeny|map|pairing|tower)|bn254.*|blake2f|curve|kzg|modexp|p256|ripemd160|precompile_.*|messages|prover_input|public_inputs|state_diff)\.c$/

const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all']

export function hasCompiler(): boolean {
  try {
    execFileSync('clang', ['--version'], { stdio: 'ignore' })
    execFileSync('ld.lld', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** For the message of a test that is skipped. */
export const compilerNeeded = 'clang and ld.lld are not installed'

function filesUnder(directory: string, ending: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(directory, name))
    .sort()
}

function isSoftware({ machine, crypto = 'machine' }: GuestTarget): boolean {
  return machine === 'host' || crypto === 'software'
}

function targetName(target: GuestTarget): string {
  const { machine, sanitize = false, fuzz = false } = target
  if (fuzz) return 'host-fuzz'
  if (machine === 'riscv') return isSoftware(target) ? 'riscv-software' : 'riscv'
  return sanitize ? 'host-sanitize' : 'host'
}

function directoryOf(target: GuestTarget): string {
  return join(target.directory ?? out, targetName(target))
}

function isFresh(product: string, sources: readonly string[]): boolean {
  if (!existsSync(product)) return false
  const { mtimeMs } = statSync(product)
  return sources.every((source) => statSync(source).mtimeMs < mtimeMs)
}

/** Two builds may run at once: a product appears whole or not at all. */
function produce(product: string, make: (temporary: string) => void): void {
  mkdirSync(dirname(product), { recursive: true })
  const temporary = `${product}.${process.pid}`
  make(temporary)
  renameSync(temporary, product)
}

function compile(source: string, target: GuestTarget): string {
  const object = join(directoryOf(target), `${relative(guest, source)}.o`)
  const headers = [...filesUnder(sourceRoot, '.h'), ...filesUnder(testRoot, '.h'), ...filesUnder(fuzzRoot, '.h')]
  if (isFresh(object, [source, ...headers, import.meta.filename])) return object
  produce(object, (temporary) => {
    const flags = [
      '-std=c17',
      target.machine === 'riscv' && rarelyRun.test(source) ? '-Os' : '-O2',
      ...warnings,
      ...reproducible,
      ...machineFlags[target.machine],
      ...(target.sanitize ? sanitizers : []),
      ...(target.fuzz ? ['-fsanitize=fuzzer-no-link'] : []),
      ...(target.machine === 'riscv' && isSoftware(target) ? ['-DGUEST_SOFT_CRYPTO'] : []),
      ...(target.machine === 'riscv' && !withoutLinkTimeOptimization.includes(source) ? [linkTimeOptimization] : []),
    ]
    execFileSync('clang', [...flags, '-I', sourceRoot, '-I', testRoot, '-I', fuzzRoot, '-c', source, '-o', temporary], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  })
  return object
}

function link(objects: readonly string[], product: string, { machine, sanitize, fuzz }: GuestTarget): string {
  const script = join(sourceRoot, 'platform/riscv/link.ld')
  if (isFresh(product, [...objects, script, import.meta.filename])) return product
  produce(product, (temporary) => {
    if (machine === 'host') {
      const flags = [...(sanitize ? sanitizers : []), ...(fuzz ? ['-fsanitize=fuzzer'] : [])]
      execFileSync('clang', [...flags, ...objects, '-o', temporary], { stdio: 'inherit' })
      return
    }
    execFileSync('ld.lld', ['-T', script, '--gc-sections', '--build-id=none', '--strip-debug', '-o', temporary, ...objects], {
      stdio: 'inherit',
    })
  })
  return product
}

const otherMachine = { host: 'riscv', riscv: 'host' } as const

function sourcesFor(target: GuestTarget): string[] {
  const foreign = join(sourceRoot, 'platform', otherMachine[target.machine])
  return filesUnder(sourceRoot, '.c').filter(
    (source) => !source.startsWith(foreign) && (isSoftware(target) || !basename(source).startsWith('soft_')),
  )
}

/** Builds the guest; returns the path of the program, `stf` or `stf.elf` in a folder of guest/out that is named after the target. */
export function buildGuest(target: GuestTarget): string {
  const objects = sourcesFor(target).map((source) => compile(source, target))
  return link(objects, join(directoryOf(target), target.machine === 'riscv' ? 'stf.elf' : 'stf'), target)
}

/** Builds the RV32 code as a Linux program for qemu-riscv32: the machine's parts of platform/riscv are exchanged. */
export function buildForQemu(): string {
  const target: GuestTarget = { machine: 'riscv', crypto: 'software' }
  const exchanged = ['start.c', 'machine.c'].map((name) => join(sourceRoot, 'platform/riscv', name))
  const sources = sourcesFor(target).filter((source) => !exchanged.includes(source))
  const objects = [...sources, join(testRoot, 'qemu/machine.c')].map((source) => compile(source, target))
  return link(objects, join(directoryOf(target), 'stf-qemu'), target)
}

function buildDriver(name: string, product: string, target: GuestTarget): string {
  const sources = sourcesFor(target).filter((source) => basename(source) !== 'main.c')
  const objects = [join(testRoot, `${name}.c`), ...sources].map((source) => compile(source, target))
  return link(objects, join(directoryOf(target), product), target)
}

/** Builds guest/test/NAME.c with the guest's sources but without its entry; for the host. */
export function buildTestDriver(name: string, { sanitize = true }: { readonly sanitize?: boolean } = {}): string {
  return buildDriver(name, `test-${name}`, { machine: 'host', sanitize })
}

/**
 * The same for the machine: an ELF file. There is no libc: the driver reads with platform_input, answers with platform_log or
 * platform_commit, and ends with platform_halt or main's result, which is the exit code.
 */
export function buildMachineDriver(name: string, { crypto = 'machine' }: Pick<GuestTarget, 'crypto'> = {}): string {
  return buildDriver(name, `test-${name}.elf`, { machine: 'riscv', crypto })
}

/** Builds guest/fuzz/NAME.c, a target of libFuzzer, with sanitizers. */
export function buildFuzzTarget(name: string): string {
  const target: GuestTarget = { machine: 'host', sanitize: true, fuzz: true }
  const sources = [...sourcesFor(target).filter((source) => basename(source) !== 'main.c'), ...filesUnder(join(fuzzRoot, 'shared'), '.c')]
  const objects = [join(fuzzRoot, `${name}.c`), ...sources].map((source) => compile(source, target))
  return link(objects, join(directoryOf(target), `fuzz-${name}`), target)
}

function compilerVersion(): string {
  return execFileSync('clang', ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? ''
}

async function buildProgram(directory?: string): Promise<{ readonly elf: Uint8Array; readonly description: ProgramDescription }> {
  const elf = readFileSync(buildGuest({ machine: 'riscv', ...(directory !== undefined && { directory }) }))
  return { elf, description: { ...describeElf(elf), compiler: compilerVersion(), stark: await describeForStark(elf) } }
}

/** Commits to the program for each height that its proofs can have: seconds for each of the tall ones. */
async function describeForStark(elf: Uint8Array): Promise<StarkDescription> {
  const workers = new ProverWorkers()
  try {
    const program = loadProgram(elf)
    const logHeights = provableHeights(program)
    const { provingKey } = await createProgramKey({ program, workers, logHeights })
    const description = describeProgram(program.entry, provingKey.verifyingKey)
    return { programId: programIdOf(description), ...description }
  } finally {
    await workers.close()
  }
}

/** Builds the program that is committed: guest/build/stf.elf and what guest/build/stf.json says of it. */
async function buildRelease(): Promise<void> {
  const { elf, description } = await buildProgram()
  produce(programPaths.elf, (temporary) => writeFileSync(temporary, elf))
  produce(programPaths.description, (temporary) => writeFileSync(temporary, `${JSON.stringify(description, undefined, 2)}\n`))
  console.info(`guest/build/stf.elf: ${description.size} bytes, program id ${description.programId}`)
}

/** Whether guest/src still builds the committed program, from scratch. */
async function isReleaseFresh(): Promise<boolean> {
  const committed: ProgramDescription = JSON.parse(readFileSync(programPaths.description, 'utf8'))
  const compiler = compilerVersion()
  if (compiler !== committed.compiler) {
    console.error(`guest/build/stf.elf was built by ${committed.compiler}; here is ${compiler}, which may write other bytes`)
    return false
  }
  const directory = mkdtempSync(join(tmpdir(), 'guest-'))
  try {
    const { elf, description } = await buildProgram(directory)
    return Buffer.from(elf).equals(readFileSync(programPaths.elf)) && JSON.stringify(description) === JSON.stringify(committed)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      host: { type: 'boolean' },
      riscv: { type: 'boolean' },
      sanitize: { type: 'boolean', default: false },
      software: { type: 'boolean', default: false },
      release: { type: 'boolean' },
      check: { type: 'boolean' },
    },
  })
  if (values.release && values.check) {
    if (await isReleaseFresh()) return
    console.error('guest/build/stf.elf is not what guest/src builds: run npm run build:guest and commit guest/build')
    process.exitCode = 1
    return
  }
  if (values.release) await buildRelease()
  if (values.host) console.info(buildGuest({ machine: 'host', sanitize: values.sanitize }))
  if (values.riscv) console.info(buildGuest({ machine: 'riscv', crypto: values.software ? 'software' : 'machine' }))
}

if (process.argv[1] === import.meta.filename) await main()
