import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RequestThread } from './request-thread.ts'
import type { Order } from './testing/obedient-worker.ts'

let threads: RequestThread<Order, number>[]
beforeEach(() => {
  threads = []
  return async () => {
    for (const thread of threads) await thread.close()
  }
})
afterEach(() => vi.useRealTimers())

function create(idleMs?: number): RequestThread<Order, number> {
  const script = new URL('./testing/obedient-worker.ts', import.meta.url)
  const thread = new RequestThread<Order, number>({ what: 'obeys', script, workerData: null, ...(idleMs !== undefined && { idleMs }) })
  threads.push(thread)
  return thread
}

describe('A thread for requests', () => {
  it('answers all that are made at once, in one thread', async () => {
    const thread = create()
    const answers = await Promise.all([1, 2, 3].map(() => thread.ask('say who you are')))
    expect(new Set(answers).size).toBe(1)
  })

  it('hands back what it could not do, with the code, and does what comes next', async () => {
    const thread = create()
    const refused = thread.ask('refuse')
    const next = thread.ask('say who you are')
    await expect(refused).rejects.toMatchObject({ code: 'REFUSED', message: 'No.', metaMessages: ['Ask again.'], exitCode: 6 })
    expect(await next).toBeGreaterThan(0)
  })

  it.each([
    ['exit', 'the thread that obeys ended with exit code 3'],
    ['break down', 'broken down'],
  ] as const)('that is told to %s fails this request only', async (order, message) => {
    const thread = create()
    const before = await thread.ask('say who you are')
    const lost = thread.ask(order)
    const next = thread.ask('say who you are')
    await expect(lost).rejects.toThrow(message)
    expect(await next).toBeGreaterThan(before)
  })

  it.each(['answer and exit', 'answer and break down'] as const)('that is told to %s is replaced, and can be closed', async (order) => {
    const thread = create()
    const first = await thread.ask('say who you are')
    // Its answer and its end are on their way together. Whichever request meets the end fails, or gets a thread of its own.
    const failed = (): number => first
    let now = await thread.ask(order).catch(failed)
    while (now === first) now = await thread.ask('say who you are').catch(failed)
    expect(now).toBeGreaterThan(first)
    await thread.ask(order).catch(failed)
    await thread.close()
  })

  it('starts again after it was closed', async () => {
    const thread = create()
    const first = await thread.ask('say who you are')
    await thread.close()
    expect(await thread.ask('say who you are')).toBeGreaterThan(first)
  })

  it('ends by itself when it was idle for long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const thread = create(1_000)
    const first = await thread.ask('say who you are')
    vi.advanceTimersByTime(900)
    expect(await thread.ask('say who you are')).toBe(first)
    vi.advanceTimersByTime(900)
    expect(await thread.ask('say who you are')).toBe(first)
    vi.advanceTimersByTime(1_100)
    expect(await thread.ask('say who you are')).toBeGreaterThan(first)
  })
})
