import type { Common } from '@ethereumjs/common'

/** What the interpreter finds out about a code: jump destinations, pushed values, instructions. It only reads it. */
export type Analysis = Readonly<Record<string, unknown>>

/** The parts of the library's interpreter that are wrapped. One instance executes one call frame. */
export interface Interpreter {
  readonly common: Common
  _getValidJumpDestinations(this: Interpreter, code: Uint8Array): Analysis
  /** Executes one instruction; `operation` is what the analysis knows of it. */
  runStep(this: Interpreter, operation: unknown): Promise<void>
}
