import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAddon, prebuilt } from './native/build.mjs'

interface WasmProduct {
  readonly directory: string
  readonly sources: readonly string[]
  readonly file: string
  /** The prover gives the memory that its kernels work on; the machine's have a small one of their own. */
  readonly linkFlags: readonly string[]
}

const zkvm = dirname(dirname(fileURLToPath(import.meta.url)))
const products: readonly WasmProduct[] = [
  {
    directory: join(zkvm, 'kernels/src'),
    // It includes the others.
    sources: ['kernels.c'],
    file: join(zkvm, 'kernels/kernels.wasm'),
    linkFlags: ['--import-memory', '--max-memory=4294967296', '--export=__heap_base'],
  },
  {
    directory: join(zkvm, 'isa/system/src'),
    sources: ['curve.c', 'field.c', 'inverse.c', 'keccak.c'],
    file: join(zkvm, 'isa/system/system.wasm'),
    linkFlags: [],
  },
]

const compileFlags = [
  '--target=wasm32',
  '-std=c17',
  '-O3',
  '-msimd128',
  // clang 14 vectorizes straight-line 64-bit code for this target wrongly (kernels.test.ts sees it), and gains nothing by it.
  '-fno-slp-vectorize',
  '-fno-vectorize',
  '-mbulk-memory',
  '-ffreestanding',
  '-nostdlib',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-fno-ident',
]

const linkFlags = ['--no-entry', '--export-dynamic', '--stack-first', '-z', 'stack-size=65536', '--strip-all']

/** Compiles to WebAssembly. The same clang (Debian 12's) gives the same bytes. */
function buildWasm({ directory, sources, linkFlags: ownLinkFlags }: WasmProduct): Buffer {
  const out = mkdtempSync(join(tmpdir(), 'zkvm-kernels-'))
  try {
    const objects = sources.map((name) => {
      const object = join(out, `${name}.o`)
      execFileSync('clang', [...compileFlags, `-ffile-prefix-map=${directory}=kernels`, '-c', join(directory, name), '-o', object], {
        stdio: 'inherit',
      })
      return object
    })
    const linked = join(out, 'kernels.wasm')
    execFileSync('wasm-ld', [...linkFlags, ...ownLinkFlags, '-o', linked, ...objects], { stdio: 'inherit' })
    return readFileSync(linked)
  } finally {
    rmSync(out, { recursive: true })
  }
}

function keep(file: string, built: Buffer): void {
  const name = relative(zkvm, file)
  if (!process.argv.includes('--check')) writeFileSync(file, built)
  else if (!built.equals(readFileSync(file))) {
    console.error(`zkvm/${name} differs from what its sources give: run \`npm run build:kernels\` and commit it.`)
    process.exit(1)
  }
  console.error(`${name}: ${built.length} bytes`)
}

for (const product of products) keep(product.file, buildWasm(product))
// Nowhere else can it be compared.
if (process.platform === 'linux' && process.arch === 'x64') keep(prebuilt, buildAddon())
