import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const kernels = dirname(fileURLToPath(import.meta.url))
const sources = join(kernels, 'src')
const product = join(kernels, 'kernels.wasm')

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
  `-ffile-prefix-map=${sources}=kernels`,
]

const linkFlags = [
  '--no-entry',
  '--export-dynamic',
  '--import-memory',
  '--max-memory=4294967296',
  '--stack-first',
  '-z',
  'stack-size=65536',
  '--export=__heap_base',
  '--strip-all',
]

/** Compiles the kernels to WebAssembly. The same clang (Debian 12's) gives the same bytes. */
function buildWasm(): Buffer {
  const out = mkdtempSync(join(tmpdir(), 'zkvm-kernels-'))
  try {
    const objects = readdirSync(sources)
      .filter((name) => name.endsWith('.c'))
      .sort()
      .map((name) => {
        const object = join(out, `${name}.o`)
        execFileSync('clang', [...compileFlags, '-c', join(sources, name), '-o', object], { stdio: 'inherit' })
        return object
      })
    const linked = join(out, 'kernels.wasm')
    execFileSync('wasm-ld', [...linkFlags, '-o', linked, ...objects], { stdio: 'inherit' })
    return readFileSync(linked)
  } finally {
    rmSync(out, { recursive: true })
  }
}

const built = buildWasm()
if (!process.argv.includes('--check')) writeFileSync(product, built)
else if (!built.equals(readFileSync(product))) {
  console.error('zkvm/kernels/kernels.wasm differs from what its sources give: run `npm run build:kernels` and commit it.')
  process.exit(1)
}
console.error(`kernels.wasm: ${built.length} bytes`)
