import { describe, expect, it } from 'vitest'
import { AgentProcesses } from './agent-processes.ts'

type Line = readonly [level: string, fields: object, message: string]

function recorder() {
  const lines: Line[] = []
  const waiting: { message: string; resolve: () => void }[] = []
  const record = (level: string) => (fields: object, message: string) => {
    lines.push([level, fields, message])
    for (const { message: wanted, resolve } of waiting) if (wanted === message) resolve()
  }
  return {
    lines,
    log: { debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') },
    heard: (message: string) => new Promise<void>((resolve) => waiting.push({ message, resolve })),
  }
}

describe('AgentProcesses', () => {
  it('makes an agent’s log lines its own, and starts a dead agent anew', async () => {
    const { log, lines, heard } = recorder()
    // No configuration: the agent says so and ends.
    const agents = new AgentProcesses({ count: 1, env: { ZKDEVNET_BROKER_URL: 'nonsense' } }, { log })
    const failed = heard('agent failed')
    const ended = heard('agent ended')
    await agents.start()
    expect(agents.pids()).toHaveLength(1)
    await failed
    await ended
    const again = heard('agent failed')
    await again
    await agents.stop()
    expect(agents.pids()).toEqual([])
    const complaint = lines.find(([, , message]) => message === 'agent failed')
    expect(complaint?.[0]).toBe('error')
    expect(complaint?.[1]).toMatchObject({ agent: 0 })
    expect(complaint?.[1]).not.toHaveProperty('hostname')
  })
})
