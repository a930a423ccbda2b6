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

const firstPhases: readonly (readonly [ProgramProvingPhase, number])[] = [
  ['run', 1_000],
  ['trace', 1_500],
  ['key', 4_500],
  ['commit', 33_000],
]

it('tells each phase with its time, then what is left', () => {
  const { progress, state } = createProgress({ isTerminal: false })
  for (const [phase, ms] of firstPhases) {
    progress.begin(phase, 1234)
    state.nowMs += ms
  }
  progress.finish()
  progress.stop()
  expect(state.isTicking).toBe(false)
  expect(state.text).toBe(
    [
      'running the program           1.0 s',
      '1234 cycles',
      'writing the trace             1.5 s',
      'committing to the program     4.5 s  about 93 s left',
      'committing to the trace      33.0 s  about 60 s left',
      '',
    ].join('\n'),
  )
})

it('counts down on a terminal, never below what the phases to come will take', () => {
  const { progress, state } = createProgress({ isTerminal: true })
  for (const [phase, ms] of firstPhases.slice(0, 3)) {
    progress.begin(phase, 1234)
    state.nowMs += ms
  }
  progress.begin('commit', 1234)
  const shown = (ms: number) => {
    state.nowMs += ms
    state.text = ''
    state.tick()
    return state.text
  }
  expect(shown(0)).toBe('\r\x1b[Kcommitting to the trace       0.0 s  about 93 s left')
  expect(shown(10_000)).toBe('\r\x1b[Kcommitting to the trace      10.0 s  about 83 s left')
  expect(shown(100_000)).toBe('\r\x1b[Kcommitting to the trace     110.0 s  about 60 s left')
  state.text = ''
  progress.stop()
  expect(state.text).toBe('\r\x1b[K')
  expect(state.isTicking).toBe(false)
})

it('is silent when it is asked to be', () => {
  for (const isTerminal of [true, false]) {
    const { progress, state } = createProgress({ isTerminal, isQuiet: true })
    for (const [phase, ms] of firstPhases) {
      progress.begin(phase, 1234)
      state.nowMs += ms
    }
    progress.stop()
    expect([state.text, state.isTicking]).toEqual(['', false])
  }
})
