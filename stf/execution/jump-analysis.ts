import type { Common } from '@ethereumjs/common'

/** What the interpreter finds out about a code: jump destinations, pushed values, instructions. It only reads it. */
type Analysis = Readonly<Record<string, unknown>>

interface Interpreter {
  readonly common: Common
  _getValidJumpDestinations(this: Interpreter, code: Uint8Array): Analysis
}

function isInterpreterClass(value: unknown): value is { readonly prototype: Interpreter } {
  return typeof value === 'function' && typeof value.prototype?._getValidJumpDestinations === 'function'
}

/**
 * Has the interpreter analyse a code once instead of in every call frame: measured on an ERC-20 transfer, a quarter of the
 * time in the EVM. The class is not exported, hence the way to it; where another version of the library has it no more, all works
 * as before, only slower. Codes are told apart by their array, which the state store's cache keeps.
 */
async function installJumpAnalysisCache(): Promise<void> {
  const module: Record<string, unknown> = await import(new URL('./interpreter.js', import.meta.resolve('@ethereumjs/evm')).href)
  const { Interpreter: interpreterClass } = module
  if (!isInterpreterClass(interpreterClass)) return
  const { prototype } = interpreterClass
  const analyse = prototype._getValidJumpDestinations
  // By chain configuration, because the instructions are part of the analysis.
  const byCommon = new WeakMap<Common, WeakMap<Uint8Array, Analysis>>()
  prototype._getValidJumpDestinations = function (code) {
    let known = byCommon.get(this.common)
    if (known === undefined) {
      known = new WeakMap()
      byCommon.set(this.common, known)
    }
    let analysis = known.get(code)
    if (analysis === undefined) {
      analysis = analyse.call(this, code)
      known.set(code, analysis)
    }
    return analysis
  }
}

let installed: Promise<void> | undefined

/** Installs the cache on the first call; every later one waits for that. */
export function ensureJumpAnalysisCache(): Promise<void> {
  installed ??= installJumpAnalysisCache().catch(() => undefined)
  return installed
}
