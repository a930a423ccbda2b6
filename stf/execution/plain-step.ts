import type { Common } from '@ethereumjs/common'
import type { RunState } from './interpreter-shape.ts'

/** What an instruction costs; undefined where the library should say it. */
export type StepGas = (state: RunState, fee: bigint, common: Common) => bigint | undefined

/** How an instruction that the library waits for is executed at once. */
export interface PlainStep {
  readonly gas: StepGas
  /** In the place of the library's handler. */
  run?(state: RunState): void
}
