import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase } from './database.ts'
import { removeData } from './remove.ts'

const scratch = () => join(mkdtempSync(join(tmpdir(), 'zkdevnet-remove-')), 'data')

describe('removeData', () => {
  it('removes the directory of a stopped devnet', () => {
    const dataDir = scratch()
    openDatabase({ dataDir, migrations: [] }).close()
    removeData(dataDir)
    expect(existsSync(dataDir)).toBe(false)
  })

  it('leaves files that are not the devnet’s', () => {
    const dataDir = scratch()
    openDatabase({ dataDir, migrations: [] }).close()
    writeFileSync(join(dataDir, 'thesis.txt'), 'mine')
    removeData(dataDir)
    expect(existsSync(join(dataDir, 'thesis.txt'))).toBe(true)
    expect(existsSync(join(dataDir, 'devnet.sqlite'))).toBe(false)
  })

  it('refuses while a devnet runs on it', () => {
    const dataDir = scratch()
    const database = openDatabase({ dataDir, migrations: [] })
    expect(() => removeData(dataDir)).toThrow(expect.objectContaining({ code: 'DATA_LOCKED' }))
    expect(existsSync(join(dataDir, 'devnet.sqlite'))).toBe(true)
    database.close()
  })

  it('refuses a directory without a devnet', () => {
    expect(() => removeData(scratch())).toThrow(expect.objectContaining({ code: 'NO_DEVNET_HERE' }))
  })
})
