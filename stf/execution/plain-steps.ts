import type { Interpreter, Operation } from './interpreter-shape.ts'
import type { PlainStep } from './plain-step.ts'
import type { StepCount } from './turns.ts'

/** Few enough that whoever gives turns, or gives up, between two steps still comes to it in time. */
const stepsAtOnce = 256

/** The library does nothing between two instructions but to execute them. */
function isUnwatched({ common, profilerOpts, _evm, _env, _runState }: Interpreter): boolean {
  return (
    _evm.events.listenerCount('step') === 0 &&
    !_evm.DEBUG &&
    profilerOpts?.enabled !== true &&
    _env.accessWitness === undefined &&
    _runState.env.accessWitness === undefined &&
    !common.isActivatedEIP(6800) &&
    !common.isActivatedEIP(7864) &&
    !common.isActivatedEIP(7928)
  )
}

/**
 * Has the interpreter execute runs of instructions that need not wait in one step: it awaits every single one, and the gas of some, which is
 * a third of the time of an ERC-20 transfer in it. Their order, and the handlers but for those of `steps`, are the library's own.
 */
export function runPlainSteps(prototype: Interpreter, steps: ReadonlyMap<number, PlainStep>, count: StepCount): void {
  const { runStep } = prototype
  const byOpcode = Array.from({ length: 256 }, (_, opcode) => steps.get(opcode))
  /** Nothing in it waits, and what it costs can be said at once. */
  const isPlain = ({ opcodeInfo: { isAsync, isInvalid, dynamicGas, code } }: Operation): boolean => {
    const step = byOpcode[code]
    return !isInvalid && (!isAsync || step?.run !== undefined) && (!dynamicGas || step?.gas !== undefined)
  }
  prototype.runStep = function (known) {
    if (!isUnwatched(this)) return runStep.call(this, known)
    const { _runState: state, common } = this
    const { opcodesCached, jumps, pushes } = this._getValidJumpDestinations(state.code)
    if (known === undefined) {
      // The library analyses a code when it comes to its first jump, and executes one by one what is before it.
      state.validJumps = jumps
      state.cachedPushes = pushes
      state.shouldDoJumpAnalysis = false
    }
    const first = known ?? opcodesCached[state.programCounter]
    if (first === undefined || !isPlain(first)) return runStep.call(this, known)
    let operation = first
    for (let left = stepsAtOnce; ; left--) {
      const { opcodeInfo } = operation
      const step = byOpcode[opcodeInfo.code]
      const fee = opcodeInfo.feeBigInt
      const gas = opcodeInfo.dynamicGas ? step?.gas?.(state, fee, common) : fee
      // The library looks at the instruction itself, in a step of its own.
      if (gas === undefined) return left === stepsAtOnce ? runStep.call(this, known) : done
      this.useGas(gas, opcodeInfo)
      state.programCounter++
      if (step?.run !== undefined) step.run(state)
      else operation.opHandler(state, common)
      const next = opcodesCached[state.programCounter]
      if (left === 1 || next === undefined || state.programCounter >= state.code.length || !isPlain(next)) return done
      // Here and not at the end: a RETURN throws.
      count.instructions++
      state.opCode = next.opcodeInfo.code
      operation = next
    }
  }
}

const done = Promise.resolve()
