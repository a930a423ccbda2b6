import { expect, it } from 'vitest'
import type { ProgramProvingPhase } from '../../zkvm/index.ts'
import { ProvingProgress } from './proving-progress.ts'

/** A progress whose clock is moved by hand, and what it has written. */
function createProgress({ isTerminal, isQuiet = false }: { readonly isTerminal: boolean; readonly isQuiet?: boolean }) {
  const state = { nowMs: 1_000_000, text: '', tick: () => {}, isTicking: false }
  const progress = new ProvingProgress(
    { isQuiet, isTerminal },
    {
      nowMs: () => state.nowMs,
      write: (text) => {
        state.text += text
      },
      every: (_ms, callback) => {
        state.isTicking = true
        state.tick = callback
        return () => {
          state.isTicking = false
        }
      },
    },
  )
  return { progress, state }
}

const details = { cycles: 1234, segment: 0, segments: 1 }

const firstPhases: readonly (readonly [ProgramProvingPhase, number])[] = [
  ['plan', 2_000],
  ['trace', 500],
  ['key', 4_500],
  ['commit', 33_000],
]

it('tells each phase with its time, then what is left', () => {
  const { progress, state } = createProgress({ isTerminal: false })
  for (const [phase, ms] of firstPhases) {
    progress.begin(phase, details)
    state.nowMs += ms
  }
  progress.finish()
  progress.stop()
  expect(state.isTicking).toBe(false)
  expect(state.text).toBe(
    [
      'running the program              2.0 s',
      '1234 cycles',
      'writing the trace                0.5 s',
      'committing to the program        4.5 s  about 93 s left',
      'committing to the trace         33.0 s  about 60 s left',
      '',
    ].join('\n'),
  )
})

it('tells which segment it is at, and counts what the second pass repeats once', () => {
  const { progress, state } = createProgress({ isTerminal: false })
  const phases: readonly (readonly [ProgramProvingPhase, number, number])[] = [
    ['plan', 0, 2_000],
    ['trace', 0, 250],
    ['key', 0, 4_500],
    ['commit', 0, 16_500],
    ['trace', 1, 250],
    ['commit', 1, 16_500],
    ['trace', 0, 0],
    ['commit', 0, 0],
    ['bus', 0, 16_500],
  ]
  for (const [phase, segment, ms] of phases) {
    progress.begin(phase, { cycles: 1234, segment, segments: phase === 'plan' ? 0 : 2 })
    state.nowMs += ms
  }
  progress.finish()
  expect(state.text.split('\n')).toEqual([
    'running the program              2.0 s',
    '1234 cycles in 2 segments',
    'writing the trace 1/2            0.3 s',
    'committing to the program        4.5 s  about 93 s left',
    'committing to the trace 1/2     16.5 s  about 77 s left',
    'writing the trace 2/2            0.3 s  about 77 s left',
    'committing to the trace 2/2     16.5 s  about 60 s left',
    'writing the trace 1/2            0.0 s  about 60 s left',
    'committing to the trace 1/2      0.0 s  about 60 s left',
    'bus columns 1/2                 16.5 s  about 44 s left',
    '',
  ])
})

it('counts down on a terminal, never below what the phases to come will take', () => {
  const { progress, state } = createProgress({ isTerminal: true })
  for (const [phase, ms] of firstPhases.slice(0, 3)) {
    progress.begin(phase, details)
    state.nowMs += ms
  }
  progress.begin('commit', details)
  const shown = (ms: number) => {
    state.nowMs += ms
    state.text = ''
    state.tick()
    return state.text
  }
  expect(shown(0)).toBe('\r\x1b[Kcommitting to the trace          0.0 s  about 93 s left')
  expect(shown(10_000)).toBe('\r\x1b[Kcommitting to the trace         10.0 s  about 83 s left')
  expect(shown(100_000)).toBe('\r\x1b[Kcommitting to the trace        110.0 s  about 60 s left')
  state.text = ''
  progress.stop()
  expect(state.text).toBe('\r\x1b[K')
  expect(state.isTicking).toBe(false)
})

it('is silent when it is asked to be', () => {
  for (const isTerminal of [true, false]) {
    const { progress, state } = createProgress({ isTerminal, isQuiet: true })
    for (const [phase, ms] of firstPhases) {
      progress.begin(phase, details)
      state.nowMs += ms
    }
    progress.stop()
    expect([state.text, state.isTicking]).toEqual(['', false])
  }
})
