import type { Interpreter } from './interpreter-shape.ts'
import { cacheJumpAnalysis } from './jump-analysis.ts'
import { type GrowMemory, memoryGasByOpcode } from './memory-gas.ts'
import type { PlainStep } from './plain-step.ts'
import { runPlainSteps } from './plain-steps.ts'
import { isStorageRules, storageSteps } from './storage-steps.ts'
import { giveTurns } from './turns.ts'
import { wordSteps } from './word-steps.ts'

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
  if (!isInterpreterClass(interpreterClass)) return
  cacheJumpAnalysis(interpreterClass.prototype)
  const count = { instructions: 0 }
  runPlainSteps(interpreterClass.prototype, await stepsByOpcode(), count)
  giveTurns(interpreterClass.prototype, count)
}

async function stepsByOpcode(): Promise<ReadonlyMap<number, PlainStep>> {
  const steps = new Map<number, PlainStep>(Array.from(wordSteps, ([opcode, run]) => [opcode, { run }]))
  const { subMemUsage: growMemory } = await innerModule('./opcodes/util.js')
  if (typeof growMemory === 'function') {
    // The library's signature, which nothing at run time tells.
    for (const [opcode, gas] of memoryGasByOpcode(growMemory as GrowMemory)) steps.set(opcode, { ...steps.get(opcode), gas })
  }
  const rules = { ...(await innerModule('./opcodes/EIP2200.js')), ...(await innerModule('./opcodes/EIP2929.js')) }
  if (isStorageRules(rules)) {
    const { sload, sstore } = storageSteps(rules)
    steps.set(0x54, sload).set(0x55, sstore)
  }
  return steps
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
