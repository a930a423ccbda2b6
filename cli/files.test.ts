import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assertWritable, readInputFile, writeOutputFile } from './files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const bytes = Uint8Array.of(1, 2, 3)

describe('a file that is written', () => {
  it('is there as a whole, new or in place of another, and nothing else is', () => {
    const path = join(folder, 'out')
    for (const content of [bytes, Uint8Array.of(4)]) {
      assertWritable(path)
      writeOutputFile(path, content)
      expect(Uint8Array.from(readInputFile(path))).toEqual(content)
      expect(readdirSync(folder)).toEqual(['out'])
    }
  })

  it('is not touched by the question whether it can be', () => {
    const path = join(folder, 'out')
    assertWritable(path)
    expect(readdirSync(folder)).toEqual([])
    writeFileSync(path, bytes)
    assertWritable(path)
    expect(Uint8Array.from(readFileSync(path))).toEqual(bytes)
  })

  it('is the one that a link leads to', () => {
    const [link, target] = [join(folder, 'link'), join(folder, 'target')]
    writeFileSync(target, '')
    symlinkSync(target, link)
    writeOutputFile(link, bytes)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(Uint8Array.from(readFileSync(target))).toEqual(bytes)
  })

  it('is never put in the place of a device', () => {
    assertWritable('/dev/null')
    writeOutputFile('/dev/null', bytes)
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true)
  })
})

it('what cannot be written is told with the reason', () => {
  const inNothing = join(folder, 'nothing', 'out')
  const directory = join(folder, 'directory')
  mkdirSync(directory)
  for (const check of [assertWritable, (path: string) => writeOutputFile(path, bytes)]) {
    expect(() => check(inNothing)).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_WRITABLE', message: `${inNothing} cannot be written: no such file or directory.` }),
    )
    expect(() => check(directory)).toThrow(expect.objectContaining({ code: 'FILE_NOT_WRITABLE', exitCode: 2 }))
  }
})
