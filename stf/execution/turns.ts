import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Interpreter } from './interpreter-shape.ts'

// Below 5 ms. What the interpreter awaits is there at once, so without turns 30M gas would keep the process to themselves for seconds.
const instructionsPerTurn = 10_000

/** Instructions since the last turn; whoever executes several in one step counts all but the first. */
export interface StepCount {
  instructions: number
}

/** Has all executions together let other work of the process in, and time limits fire, once in so many instructions. */
export function giveTurns(prototype: Interpreter, count: StepCount): void {
  const { runStep } = prototype
  prototype.runStep = function (operation) {
    if (++count.instructions < instructionsPerTurn) return runStep.call(this, operation)
    count.instructions = 0
    return nextTurn().then(() => runStep.call(this, operation))
  }
}
