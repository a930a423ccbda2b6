import { describe, expect, it } from 'vitest'
import type { Step } from '../isa/trace.ts'
import { NotProvableError } from '../tables/errors.ts'
import { isThorough } from './effort.ts'
import { ForgedRun, type Problems } from './forged-run.ts'
import { everythingInput, everythingProgram } from './programs.ts'

const program = everythingProgram()
const input = everythingInput
const honest = ForgedRun.of({ program, input })
const { cycles } = honest

const calls = honest.executions('ecall')
/** All cycles, or some and the calls. */
const sampled = Array.from({ length: cycles }, (_, cycle) => cycle).filter(
  (cycle) => isThorough || cycle % 13 === 5 || calls.includes(cycle),
)

/** What a machine may get wrong in one cycle. */
const faults: Readonly<Record<string, (step: Step) => Step>> = {
  'the result': (step) => ({
    ...step,
    rdAfter: step.rdAfter ^ 4,
    ...(step.call?.answer !== undefined && { call: { ...step.call, answer: step.call.answer ^ 4 } }),
  }),
  'the word in memory before': (step) => ({ ...step, memoryBefore: step.memoryBefore ^ 0x0100_8001 }),
  'the word in memory after': (step) => ({ ...step, memoryAfter: step.memoryAfter ^ 0x0100_8001 }),
  'where it goes on': (step) => ({ ...step, nextPc: step.nextPc === step.pc + 4 ? step.pc + 8 : step.pc + 4 }),
  'the instruction': (step) => ({ ...step, index: step.index + 1, pc: step.pc + 4 }),
  'the words of a call': (step) =>
    step.call === undefined
      ? step
      : {
          ...step,
          call: {
            ...step.call,
            accesses: step.call.accesses.map((access) => ({ ...access, before: access.before.map((word) => word ^ 1) })),
          },
        },
}

/** Problems of the tables of a machine that fails in one cycle; undefined where its run has no tables at all. */
function problemsWithFault(cycle: number, fault: (step: Step) => Step): Problems | undefined {
  try {
    const run = ForgedRun.of({ program, input, corrupt: (step) => (step.cycle === cycle ? fault(step) : step) })
    return run.settle().problems()
  } catch (error) {
    if (error instanceof NotProvableError || error instanceof RangeError) return undefined
    throw error
  }
}

/** Whether the tables come out the same, because the cycle has nothing of what the fault changes. */
function isHarmless(cycle: number, fault: (step: Step) => Step): boolean {
  try {
    const run = ForgedRun.of({ program, input, corrupt: (step) => (step.cycle === cycle ? fault(step) : step) })
    return run.values.every(({ main }, table) => main.every((cell, index) => cell === honest.values[table]?.main[index]))
  } catch {
    return false
  }
}

describe('a machine that gets one cycle wrong', () => {
  it.each(Object.entries(faults))(
    'has no valid tables: %s',
    (name, fault) => {
      let refused = 0
      const accepted: number[] = []
      for (const cycle of name === 'the words of a call' ? calls : sampled) {
        const problems = problemsWithFault(cycle, fault)
        if (problems === undefined || problems.tags.length > 0 || problems.buses.length > 0) refused++
        else if (!isHarmless(cycle, fault)) accepted.push(cycle)
      }
      // A hint may be anything, so a machine that answers another one is not wrong.
      expect(accepted, name).toEqual(name === 'the result' ? accepted.filter((cycle) => calls.includes(cycle)) : [])
      expect(refused).toBeGreaterThan(0)
    },
    isThorough ? 3_600_000 : 60_000,
  )

  it('is refused for a step that is missing or comes twice', () => {
    for (const cycle of [3, 60, 120]) {
      const again = ForgedRun.of({ program, input, corrupt: (step) => (step.cycle >= cycle ? { ...step, cycle: step.cycle + 1 } : step) })
      expect(again.settle().problems().tags).toContain('CPU-TIME')
    }
  })
})
