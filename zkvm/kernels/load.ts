import { existsSync } from 'node:fs'
import { readSetting } from '../../core/index.ts'
import { KernelsUnavailableError } from './errors.ts'
import type { KernelChoice, KernelKind, Kernels } from './kernels.ts'
import { localBuild, prebuilt } from './native/build.mjs'
import { type Addon, type AddonKind, loadAddon, NativeKernels } from './native-kernels.ts'
import { WasmKernels } from './wasm-kernels.ts'

/** The fastest first. */
const kinds: readonly KernelKind[] = ['avx512', 'avx2', 'scalar', 'wasm']

/** The choice that the environment makes. */
export function chosenKernels(env: Readonly<Record<string, string | undefined>> = process.env): KernelChoice {
  return readSetting('kernels', { env })
}

let addon: Addon | Error | undefined

/** Loaded once a thread; an error where there is none for this computer. */
function nativeAddon(): Addon | Error {
  addon ??= loadFirst()
  return addon
}

function loadFirst(): Addon | Error {
  const path = process.platform === 'linux' && process.arch === 'x64' ? prebuilt : localBuild()
  if (!existsSync(path)) return new Error(`no native kernels were built for ${process.platform}-${process.arch}`)
  try {
    return loadAddon(path)
  } catch (cause) {
    return new Error(`${path} cannot be loaded`, { cause })
  }
}

/** Prepares a large array that nobody has touched yet: see `Addon`. Does nothing where the environment wants no native code. */
export function adviseHugePages(words: BigUint64Array): void {
  if (chosenKernels() === 'wasm') return
  const native = nativeAddon()
  if (!(native instanceof Error)) native.adviseHugePages(words)
}

/** The kinds that this computer can run, the fastest first. */
export function availableKernels(): KernelKind[] {
  const native = nativeAddon()
  return kinds.filter((kind) => kind === 'wasm' || (!(native instanceof Error) && native[kind] !== undefined))
}

/**
 * Kernels of this kind for one thread.
 *
 * @throws KernelsUnavailableError
 */
export function createKernels(choice: KernelChoice): Kernels {
  const kind = resolveKernels(choice)
  if (kind === 'wasm') return new WasmKernels()
  const native = nativeAddon()
  const own = native instanceof Error ? undefined : native[kind satisfies AddonKind]
  if (own === undefined)
    throw new KernelsUnavailableError({ kind, available: availableKernels() }, native instanceof Error ? native : undefined)
  return new NativeKernels(kind, own)
}

/** What `auto` stands for here. */
export function resolveKernels(choice: KernelChoice): KernelKind {
  return choice === 'auto' ? (availableKernels()[0] ?? 'wasm') : choice
}

/** The kernels that a prover takes, as logs name them: `native avx512`, `wasm`. */
export function kernelsInUse(choice: KernelChoice = chosenKernels()): string {
  const kind = resolveKernels(choice)
  return kind === 'wasm' ? kind : `native ${kind}`
}
