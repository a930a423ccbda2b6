import type { ProvingStep } from '../../core/index.ts'
import type { ProgramDescription, StarkParameters } from '../../zkvm/index.ts'

/** What the thread is started with. */
export interface StarkThreadData {
  readonly description: ProgramDescription
  /** Those of real proofs by default. */
  readonly parameters?: StarkParameters
  /** Absent in a thread that only verifies. */
  readonly elf?: Uint8Array
  readonly threads?: number
}

export type StarkTask =
  | { readonly kind: 'prove'; readonly input: Uint8Array; readonly maxLogHeight: number }
  /** Of a run that ended with code 0 and this output. */
  | { readonly kind: 'verify'; readonly proof: Uint8Array; readonly output: Uint8Array }

export interface StarkResults {
  readonly prove: { readonly proof: Uint8Array; readonly segments: number }
  readonly verify: { readonly isValid: boolean }
}

export type StarkAnswer =
  | { readonly kind: 'step'; readonly step: ProvingStep }
  | { readonly kind: 'done'; readonly result: StarkResults[keyof StarkResults] }
  /** An error of ours that another try would meet again. */
  | { readonly kind: 'failed'; readonly message: string; readonly help: readonly string[] }
