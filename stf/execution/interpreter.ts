import type { Interpreter } from './interpreter-shape.ts'
import { cacheJumpAnalysis } from './jump-analysis.ts'
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
  const module: Record<string, unknown> = await import(new URL('./interpreter.js', import.meta.resolve('@ethereumjs/evm')).href)
  const { Interpreter: interpreterClass } = module
  if (!isInterpreterClass(interpreterClass)) return
  cacheJumpAnalysis(interpreterClass.prototype)
  runPlainSteps(interpreterClass.prototype)
  giveTurns(interpreterClass.prototype)
}

let installed: Promise<void> | undefined

/** Wraps the interpreter on the first call; every later one waits for that. */
export function ensureInterpreterWrapped(): Promise<void> {
  installed ??= install().catch(() => undefined)
  return installed
}
