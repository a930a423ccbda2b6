import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Interpreter } from './interpreter-shape.ts'

// Some 10,000 instructions, as a step is up to 16 of them: below 5 ms. What the interpreter awaits is there at once, so without turns 30M gas would keep the process
// to themselves for seconds.
const stepsPerTurn = 640

/** Has all executions together let other work of the process in, and time limits fire, once in so many steps. */
export function giveTurns(prototype: Interpreter): void {
  const { runStep } = prototype
  let steps = 0
  prototype.runStep = function (operation) {
    if (++steps < stepsPerTurn) return runStep.call(this, operation)
    steps = 0
    return nextTurn().then(() => runStep.call(this, operation))
  }
}
