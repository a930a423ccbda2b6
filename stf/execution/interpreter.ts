import type { Interpreter } from './interpreter-shape.ts'
import { cacheJumpAnalysis } from './jump-analysis.ts'
import type { GrowMemory } from './memory-gas.ts'
import { runPlainSteps } from './plain-steps.ts'
import { giveTurns } from './turns.ts'

function isInterpreterClass(value: unknown): value is { readonly prototype: Interpreter } {
  if (typeof value !== 'function') return false
  const { prototype } = value
  return (
    typeof prototype?._getValidJumpDestinations === 'function' &&
    typeof prototype.runStep === 'function' &&
    typeof prototype.useGas === 'function'
  )
}

/**
 * The class is not exported, hence the way to it; where another version of the library has it no more, all works as before,
 * only slower and without turns.
 */
async function install(): Promise<void> {
  const { Interpreter: interpreterClass } = await innerModule('./interpreter.js')
  const { subMemUsage: growMemory } = await innerModule('./opcodes/util.js')
  if (!isInterpreterClass(interpreterClass)) return
  cacheJumpAnalysis(interpreterClass.prototype)
  // The library's signature, which nothing at run time tells.
  if (typeof growMemory === 'function') runPlainSteps(interpreterClass.prototype, growMemory as GrowMemory)
  giveTurns(interpreterClass.prototype)
}

function innerModule(path: string): Promise<Record<string, unknown>> {
  return import(new URL(path, import.meta.resolve('@ethereumjs/evm')).href)
}

let installed: Promise<void> | undefined

/** Wraps the interpreter on the first call; every later one waits for that. */
export function ensureInterpreterWrapped(): Promise<void> {
  installed ??= install().catch(() => undefined)
  return installed
}
