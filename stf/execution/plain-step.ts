import type { Common } from '@ethereumjs/common'
import type { RunState } from './interpreter-shape.ts'

/** What an instruction costs; undefined where the library should say it. */
export type StepGas = (state: RunState, fee: bigint, common: Common) => bigint | undefined

/** How an instruction is executed without the library, as far as that is to be. */
export interface PlainStep {
  /** Beyond the fixed fee. Without it the instruction costs the same always, or the library has to say it. */
  readonly gas?: StepGas
  /** In the place of the library's handler. */
  readonly run?: (state: RunState) => void
}
