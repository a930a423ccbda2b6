import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type SignalDeps, untilStdinCloses, untilStopped } from './signals.ts'

function harness() {
  const listeners = new Map<string, () => void>()
  const exits: number[] = []
  let now = 1_000
  const deps: SignalDeps = {
    on: (signal, listener) => listeners.set(signal, listener),
    nowMs: () => now,
    exit: (code) => exits.push(code),
  }
  return { stopped: untilStopped(deps), exits, send: (signal: string) => listeners.get(signal)?.(), pass: (ms: number) => (now += ms) }
}

describe('untilStopped', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('resolves with %s', async (signal) => {
    const { stopped, send, exits } = harness()
    send(signal)
    expect(await stopped).toBe(signal)
    expect(exits).toEqual([])
  })

  it('takes the copies of one Ctrl+C that npm and the launcher send for one', () => {
    const { send, pass, exits } = harness()
    send('SIGINT')
    pass(2)
    send('SIGINT')
    pass(300)
    send('SIGINT')
    expect(exits).toEqual([])
  })

  it('ends at once when asked a second time', () => {
    const { send, pass, exits } = harness()
    send('SIGINT')
    pass(800)
    send('SIGINT')
    expect(exits).toEqual([130])
  })
})

describe('untilStdinCloses', () => {
  it('waits for the end, whatever comes before it', async () => {
    const stdin = new PassThrough()
    const closed = untilStdinCloses(stdin)
    stdin.write('anything')
    stdin.end()
    expect(await closed).toBe('stdin closed')
  })

  it('takes a broken pipe for the end', async () => {
    const stdin = new PassThrough()
    const closed = untilStdinCloses(stdin)
    stdin.destroy(new Error('gone'))
    expect(await closed).toBe('stdin closed')
  })
})
