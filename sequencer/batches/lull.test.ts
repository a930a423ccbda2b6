import { describe, expect, it } from 'vitest'
import { VirtualTimers } from '../settlement/testing/virtual-timers.ts'
import { Lull, lullOptions } from './lull.ts'

const never = new AbortController().signal

/** Blocks that come while somebody sleeps. */
class Rush extends VirtualTimers {
  lull: Lull | undefined
  blocksLeft = 0

  override async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await super.sleep(ms, signal)
    for (let sealed = 0; sealed < 3 && this.blocksLeft > 0; sealed++, this.blocksLeft--) this.lull?.blockSealed()
  }
}

function rush({ sealed, toCome = 0, load = 0.9 }: { sealed: number; toCome?: number; load?: number }) {
  const timers = new Rush()
  const lull = new Lull({ blocks: 3, windowMs: 100, busy: 0.5, maxPutOffMs: 5_000 }, { timers, measureLoad: () => () => load })
  timers.lull = lull
  timers.blocksLeft = toCome
  const startMs = timers.nowMs()
  for (let block = 0; block < sealed; block++) lull.blockSealed()
  return async ({ waitedMs = 0, signal = never } = {}): Promise<number> => {
    await lull.wait(startMs - waitedMs, signal)
    return timers.nowMs() - startMs
  }
}

it.each([
  [1_000, 10_000],
  [100, 1_000],
  [60_000, 10_000],
  [Number.POSITIVE_INFINITY, 10_000],
])('batches that close after %s ms are put off for %s ms at most', (maxAgeMs, maxPutOffMs) => {
  expect(lullOptions({ maxAgeMs })).toMatchObject({ maxPutOffMs })
})

describe('Lull', () => {
  it('is there at once while fewer blocks than a rush has were sealed', async () => {
    expect(await rush({ sealed: 2 })()).toBe(0)
  })

  it('comes when the last blocks of a rush are further apart than its window', async () => {
    expect(await rush({ sealed: 3 })()).toBe(100)
  })

  it('comes after the rush, not while blocks go on', async () => {
    expect(await rush({ sealed: 3, toCome: 12 })()).toBe(500)
  })

  it('comes while blocks go on when they leave time for more', async () => {
    expect(await rush({ sealed: 3, toCome: 12, load: 0.3 })()).toBe(100)
  })

  it('is not waited for longer than asked', async () => {
    expect(await rush({ sealed: 3, toCome: 1_000_000 })({ waitedMs: 4_270 })).toBe(730)
  })

  it('is not waited for when nobody wants it any more', async () => {
    expect(await rush({ sealed: 3, toCome: 1_000_000 })({ signal: AbortSignal.abort() })).toBe(0)
  })
})
