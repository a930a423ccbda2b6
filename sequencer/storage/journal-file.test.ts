import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Frame, JournalFile, readLeft, readRange } from './journal-file.ts'

/** A disk that takes so much more, and a part of the write that is too much for it, as the system's does. */
const disk = vi.hoisted(() => ({ bytesLeft: Number.POSITIVE_INFINITY }))
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const writevSync: typeof fs.writevSync = (fd, parts, at) => {
    if (disk.bytesLeft === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    const taken = Buffer.concat(parts as Uint8Array[]).subarray(0, disk.bytesLeft)
    disk.bytesLeft -= taken.length
    return fs.writevSync(fd, [taken], at)
  }
  return { ...fs, writevSync }
})

const payload = (seed: number, length = 100): Uint8Array => Uint8Array.from({ length }, (_, i) => (seed * 31 + i * 7) % 256)
const first = { epoch: 3, generation: 1 }

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zkdevnet-journal-'))
  path = join(directory, 'blocks.journal')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** A journal with payloads 0, 1, 2, …, and where each begins. */
function journalOf(count: number): { file: JournalFile; starts: number[] } {
  const file = JournalFile.create(path, first)
  const starts = Array.from({ length: count }, (_, i) => {
    const start = file.end
    file.append('block', payload(i))
    return start
  })
  return { file, starts }
}

const expected = (from: number, to: number): Uint8Array[] => Array.from({ length: to - from }, (_, i) => payload(from + i))
const plain = (frames: readonly Frame[] | undefined) => frames?.map(({ payload }) => Uint8Array.from(payload))

describe('a journal', () => {
  it('has what was appended, in order, from any place on', () => {
    const { file, starts } = journalOf(5)
    expect(plain(file.frames(file.start, file.end))).toEqual(expected(0, 5))
    expect(plain(file.frames(starts[2] ?? 0, starts[4] ?? 0))).toEqual(expected(2, 4))
    expect(plain(readRange(path, file.range(starts[3] ?? 0, file.end)))).toEqual(expected(3, 5))
    expect(plain(readLeft(path, first.epoch))).toEqual(expected(0, 5))
    file.close()
  })

  it('takes payloads of any length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 8 }), (payloads) => {
        const file = JournalFile.create(path, first)
        for (const bytes of payloads) file.append('block', bytes)
        file.close()
        expect(plain(readLeft(path, first.epoch))).toEqual(payloads)
      }),
      { numRuns: 50 },
    )
  })

  it('tells blocks from transactions', () => {
    const file = JournalFile.create(path, first)
    file.append('transaction', payload(0))
    file.append('block', payload(1))
    file.append('transaction', payload(2))
    file.close()
    expect(readLeft(path, first.epoch).map(({ kind }) => kind)).toEqual(['transaction', 'block', 'transaction'])
    expect(plain(readLeft(path, first.epoch))).toEqual(expected(0, 3))
  })

  it('of another epoch, another layout, or none, leaves nothing', () => {
    expect(readLeft(path, first.epoch)).toEqual([])
    journalOf(2).file.close()
    expect(readLeft(path, first.epoch + 1)).toEqual([])
    const bytes = readFileSync(path)
    bytes.writeUInt32BE(2, 4)
    writeFileSync(path, bytes)
    expect(readLeft(path, first.epoch)).toEqual([])
    writeFileSync(path, 'short')
    expect(readLeft(path, first.epoch)).toEqual([])
  })

  it('ends at a frame that was torn, at every length', () => {
    const { file, starts } = journalOf(3)
    const { end } = file
    file.close()
    const whole = readFileSync(path)
    for (let length = starts[1] ?? 0; length < end; length++) {
      writeFileSync(path, whole.subarray(0, length))
      expect(plain(readLeft(path, first.epoch))).toEqual(expected(0, length < (starts[2] ?? 0) ? 1 : 2))
    }
  })

  it('ends at a frame any byte of which was changed', () => {
    const { file, starts } = journalOf(3)
    file.close()
    const whole = readFileSync(path)
    for (let at = starts[1] ?? 0; at < (starts[2] ?? 0); at++) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 0x20
      writeFileSync(path, changed)
      expect(plain(readLeft(path, first.epoch))).toEqual(expected(0, 1))
    }
  })

  it('goes on over what a failed write left behind its end', () => {
    const { file } = journalOf(1)
    // A frame without its end, longer than the one that follows.
    appendFileSync(path, Buffer.concat([Buffer.from('000010001234567800', 'hex'), payload(9, 500)]))
    file.append('block', payload(1))
    expect(plain(file.frames(file.start, file.end))).toEqual(expected(0, 2))
    file.close()
    expect(plain(readLeft(path, first.epoch))).toEqual(expected(0, 2))
  })
})

describe('a successor', () => {
  it('has what follows from a place on, and the one before can still be read by whoever has it open', () => {
    const { file, starts } = journalOf(5)
    const asked = file.range(starts[1] ?? 0, file.end)
    const next = file.successor(starts[3] ?? 0)
    next.append('block', payload(5))
    expect(plain(next.frames(next.start, next.end))).toEqual(expected(3, 6))
    expect(plain(readLeft(path, first.epoch))).toEqual(expected(3, 6))
    expect(plain(file.frames(asked.from, asked.to))).toEqual(expected(1, 5))
    // By its path there is another one: places in it mean something else.
    expect(readRange(path, asked)).toBeUndefined()
    expect(plain(readRange(path, next.range(next.start, next.end)))).toEqual(expected(3, 6))
    file.close()
    next.close()
  })
})

describe('a disk that refuses', () => {
  it('is told of with the path and what to do', () => {
    expect(() => JournalFile.create(join(directory, 'missing', 'blocks.journal'), first)).toThrow(
      expect.objectContaining({ code: 'DATA_DIRECTORY', message: expect.stringContaining('blocks.journal') }),
    )
  })

  it('that is full in the middle of a payload takes nothing of it', () => {
    const { file } = journalOf(2)
    const { end } = file
    disk.bytesLeft = 40
    expect(() => file.append('block', payload(2, 500))).toThrow(expect.objectContaining({ code: 'DATA_DISK_FULL' }))
    expect([file.end, plain(readLeft(path, first.epoch))]).toEqual([end, expected(0, 2)])
    expect(() => file.successor(file.start)).toThrow(expect.objectContaining({ code: 'DATA_DISK_FULL' }))
    expect(existsSync(`${path}.new`)).toBe(false)
    disk.bytesLeft = Number.POSITIVE_INFINITY
    file.append('block', payload(2))
    file.close()
    expect(plain(readLeft(path, first.epoch))).toEqual(expected(0, 3))
  })
})
