import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const guest = dirname(fileURLToPath(import.meta.url))
const sourceRoot = join(guest, 'src')
const testRoot = join(guest, 'test')
const out = join(guest, 'out')

export interface GuestTarget {
  readonly machine: 'host' | 'riscv'
  /** AddressSanitizer and UndefinedBehaviorSanitizer; of the host only. */
  readonly sanitize?: boolean
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

function targetName({ machine, sanitize = false }: GuestTarget): string {
  return sanitize ? `${machine}-sanitize` : machine
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
  const object = join(out, targetName(target), `${relative(guest, source)}.o`)
  const headers = [...filesUnder(sourceRoot, '.h'), ...filesUnder(testRoot, '.h')]
  if (isFresh(object, [source, ...headers])) return object
  produce(object, (temporary) => {
    const flags = ['-std=c17', '-O2', ...warnings, ...reproducible, ...machineFlags[target.machine], ...(target.sanitize ? sanitizers : [])]
    execFileSync('clang', [...flags, '-I', sourceRoot, '-I', testRoot, '-c', source, '-o', temporary], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  })
  return object
}

function link(objects: readonly string[], product: string, { machine, sanitize }: GuestTarget): string {
  const script = join(sourceRoot, 'platform/riscv/link.ld')
  if (isFresh(product, [...objects, script])) return product
  produce(product, (temporary) => {
    if (machine === 'host') {
      execFileSync('clang', [...(sanitize ? sanitizers : []), ...objects, '-o', temporary], { stdio: 'inherit' })
      return
    }
    execFileSync('ld.lld', ['-T', script, '--gc-sections', '--build-id=none', '--strip-debug', '-o', temporary, ...objects], {
      stdio: 'inherit',
    })
  })
  return product
}

const otherMachine = { host: 'riscv', riscv: 'host' } as const

function sourcesFor({ machine }: GuestTarget): string[] {
  const foreign = join(sourceRoot, 'platform', otherMachine[machine])
  return filesUnder(sourceRoot, '.c').filter((source) => !source.startsWith(foreign))
}

/** Builds the guest; returns the program's path: `stf-host`, `stf-host-sanitize` or `stf.elf` in guest/out. */
export function buildGuest(target: GuestTarget): string {
  const objects = sourcesFor(target).map((source) => compile(source, target))
  return link(objects, join(out, target.machine === 'riscv' ? 'stf.elf' : `stf-${targetName(target)}`), target)
}

/** Builds the RV32 code as a Linux program for qemu-riscv32: the machine's parts of platform/riscv are exchanged. */
export function buildForQemu(): string {
  const target: GuestTarget = { machine: 'riscv' }
  const exchanged = ['start.c', 'machine.c'].map((name) => join(sourceRoot, 'platform/riscv', name))
  const sources = sourcesFor(target).filter((source) => !exchanged.includes(source))
  const objects = [...sources, join(testRoot, 'qemu/machine.c')].map((source) => compile(source, target))
  return link(objects, join(out, 'stf-qemu'), target)
}

/** Builds guest/test/NAME.c with the guest's sources but without its entry; for the host. */
export function buildTestDriver(name: string, { sanitize = true }: { readonly sanitize?: boolean } = {}): string {
  const target: GuestTarget = { machine: 'host', sanitize }
  const sources = sourcesFor(target).filter((source) => basename(source) !== 'main.c')
  const objects = [join(testRoot, `${name}.c`), ...sources].map((source) => compile(source, target))
  return link(objects, join(out, targetName(target), `test-${name}`), target)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { host: { type: 'boolean' }, riscv: { type: 'boolean' }, sanitize: { type: 'boolean' } } })
  const both = !values.host && !values.riscv
  if (values.host || both) console.info(buildGuest({ machine: 'host', sanitize: values.sanitize ?? false }))
  if (values.riscv || both) console.info(buildGuest({ machine: 'riscv' }))
}
