import type { ProvingStep } from '../../core/index.ts'
import type { ProgramDescription, StarkParameters, StarkSession } from '../../zkvm/index.ts'

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
  /** Commits to a run; where it has one segment, that is proven, too. */
  | { readonly kind: 'prove'; readonly input: Uint8Array; readonly maxLogHeight: number }
  | {
      readonly kind: 'prove-segment'
      readonly input: Uint8Array
      readonly maxLogHeight: number
      readonly header: Uint8Array
      readonly segment: number
    }
  /** Of a run that ended with code 0 and this output. */
  | { readonly kind: 'verify'; readonly proof: Uint8Array; readonly output: Uint8Array }
  /** The same, and cuts the proof into transactions for L1 of at most so many bytes. */
  | { readonly kind: 'cut'; readonly proof: Uint8Array; readonly output: Uint8Array; readonly maxBytes: number }

export interface StarkResults {
  /** The whole proof of a run of one segment, what the proof begins with of any other. */
  readonly prove: { readonly segments: number; readonly bytes: Uint8Array }
  readonly 'prove-segment': { readonly bytes: Uint8Array }
  readonly verify: { readonly isValid: boolean }
  readonly cut: StarkSession
}

export type StarkAnswer =
  | { readonly kind: 'step'; readonly step: ProvingStep }
  | { readonly kind: 'done'; readonly result: StarkResults[keyof StarkResults] }
  /** An error of ours that another try would meet again. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly help: readonly string[] }
