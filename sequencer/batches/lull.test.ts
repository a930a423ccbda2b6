import { describe, expect, it } from 'vitest'
import { VirtualTimers } from '../settlement/testing/virtual-timers.ts'
import { Lull } from './lull.ts'

const never = new AbortController().signal

class Rush extends VirtualTimers {
  lull: Lull | undefined
  blocksLeft = 0

  override async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await super.sleep(ms, signal)
    for (let sealed = 0; sealed < 3 && this.blocksLeft > 0; sealed++, this.blocksLeft--) this.lull?.blockSealed()
  }
}

function rush(blocksToCome: number) {
  const timers = new Rush()
  const lull = new Lull({ blocks: 3, windowMs: 100 }, timers)
  timers.lull = lull
  timers.blocksLeft = blocksToCome
  const startMs = timers.nowMs()
  return { timers, lull, startMs, waited: () => timers.nowMs() - startMs }
}

describe('Lull', () => {
  it('is there at once while fewer blocks than a rush has were sealed', async () => {
    const { lull, startMs, waited } = rush(0)
    lull.blockSealed()
    lull.blockSealed()
    await lull.wait(startMs + 5_000, never)
    expect(waited()).toBe(0)
  })

  it('comes when the last blocks of a rush are further apart than its window', async () => {
    const { lull, startMs, waited } = rush(0)
    for (let block = 0; block < 3; block++) lull.blockSealed()
    await lull.wait(startMs + 5_000, never)
    expect(waited()).toBe(100)
  })

  it('comes after the rush, not while blocks go on', async () => {
    const { lull, startMs, waited } = rush(12)
    for (let block = 0; block < 3; block++) lull.blockSealed()
    await lull.wait(startMs + 5_000, never)
    expect(waited()).toBe(500)
  })

  it('is not waited for longer than asked', async () => {
    const { lull, startMs, waited } = rush(1_000_000)
    for (let block = 0; block < 3; block++) lull.blockSealed()
    await lull.wait(startMs + 730, never)
    expect(waited()).toBe(730)
  })

  it('is not waited for when nobody wants it any more', async () => {
    const { lull, startMs, waited } = rush(1_000_000)
    for (let block = 0; block < 3; block++) lull.blockSealed()
    await lull.wait(startMs + 5_000, AbortSignal.abort())
    expect(waited()).toBe(0)
  })
})
