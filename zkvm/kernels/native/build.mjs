// Plain JavaScript for any Node: installing builds the addon, too, where there is a compiler but no committed file.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const own = dirname(fileURLToPath(import.meta.url))
const kernels = dirname(own)
const directories = [join(kernels, 'src'), own]

/** What is committed for Linux on x64. */
export const prebuilt = join(kernels, 'kernels.linux-x64.node')

/** Where this computer's own build of these sources is: another's, or an older one, has another name. */
export function localBuild() {
  const hash = createHash('sha256')
  for (const directory of directories) {
    for (const name of readdirSync(directory).sort())
      hash
        .update(name)
        .update('\0')
        .update(readFileSync(join(directory, name)))
  }
  return join(kernels, 'out', `kernels.${process.platform}-${process.arch}.${hash.digest('hex').slice(0, 16)}.node`)
}

const compileFlags = [
  '-std=c17',
  '-O3',
  '-fPIC',
  '-ffreestanding',
  '-fvisibility=hidden',
  '-fno-stack-protector',
  '-fno-asynchronous-unwind-tables',
  '-fno-ident',
  '-Wall',
  '-Wextra',
  '-Werror',
]

/** Flags of each kind of kernels, besides those that any processor of the architecture runs. */
const variants = {
  scalar: [],
  ...(process.arch === 'x64' && {
    avx2: ['-mavx2'],
    avx512: ['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mprefer-vector-width=512'],
  }),
}

/** Node's functions are there when it loads the file. */
const linkFlags = {
  linux: ['-shared', '-nostdlib', '-fuse-ld=lld', '-Wl,--build-id=none', '-Wl,--strip-all', '-Wl,-z,noexecstack', '-Wl,--hash-style=gnu'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
}[process.platform]

/**
 * Compiles the native addon for this computer; returns the file's bytes. clang 14 of Debian 12 always gives the same.
 * Throws where there is no clang, or no way to link an addon without Node's own libraries (Windows).
 */
export function buildAddon() {
  if (linkFlags === undefined) throw new Error(`no native kernels for ${process.platform}`)
  const out = mkdtempSync(join(tmpdir(), 'zkvm-kernels-'))
  const clang = (...flags) => execFileSync('clang', flags, { stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    const compile = (source, name, ...flags) => {
      const object = join(out, `${name}.o`)
      clang(...compileFlags, `-ffile-prefix-map=${kernels}=kernels`, ...flags, '-c', join(kernels, source), '-o', object)
      return object
    }
    const objects = [
      ...Object.entries(variants).map(([name, flags]) => compile('src/kernels.c', name, `-DKERNELS=kernels_${name}`, ...flags)),
      compile('native/addon.c', 'addon'),
      compile('native/memory.c', 'memory'),
    ]
    const linked = join(out, 'kernels.node')
    clang(...linkFlags, '-o', linked, ...objects)
    return readFileSync(linked)
  } finally {
    rmSync(out, { recursive: true })
  }
}
