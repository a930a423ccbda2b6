import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Product {
  readonly sources: string
  readonly file: string
  /** The prover gives the memory that its kernels work on; the machine's have a small one of their own. */
  readonly linkFlags: readonly string[]
}

const zkvm = dirname(dirname(fileURLToPath(import.meta.url)))
const products: readonly Product[] = [
  {
    sources: join(zkvm, 'kernels/src'),
    file: join(zkvm, 'kernels/kernels.wasm'),
    linkFlags: ['--import-memory', '--max-memory=4294967296', '--export=__heap_base'],
  },
  { sources: join(zkvm, 'isa/system/src'), file: join(zkvm, 'isa/system/system.wasm'), linkFlags: [] },
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

/** Compiles the kernels to WebAssembly. The same clang (Debian 12's) gives the same bytes. */
function buildWasm({ sources, linkFlags: ownLinkFlags }: Product): Buffer {
  const out = mkdtempSync(join(tmpdir(), 'zkvm-kernels-'))
  try {
    const objects = readdirSync(sources)
      .filter((name) => name.endsWith('.c'))
      .sort()
      .map((name) => {
        const object = join(out, `${name}.o`)
        execFileSync('clang', [...compileFlags, `-ffile-prefix-map=${sources}=kernels`, '-c', join(sources, name), '-o', object], {
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

for (const product of products) {
  const built = buildWasm(product)
  const name = relative(zkvm, product.file)
  if (!process.argv.includes('--check')) writeFileSync(product.file, built)
  else if (!built.equals(readFileSync(product.file))) {
    console.error(`zkvm/${name} differs from what its sources give: run \`npm run build:kernels\` and commit it.`)
    process.exit(1)
  }
  console.error(`${name}: ${built.length} bytes`)
}
