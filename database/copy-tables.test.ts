import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyTables } from './copy-tables.ts'
import { openDatabase, openMemoryDatabase } from './database.ts'

const migrations = [
  { owner: 'a', migrations: [{ id: 1, sql: 'CREATE TABLE a_x (v); CREATE TABLE a_y (v)' }] },
  { owner: 'ab', migrations: [{ id: 1, sql: 'CREATE TABLE ab_x (v)' }] },
]
const directory = () => mkdtempSync(join(tmpdir(), 'zkdevnet-copy-'))

describe('copyTables', () => {
  it("copies the owner's tables and no other's", () => {
    const from = directory()
    const source = openDatabase({ dataDir: from, migrations })
    source.sqlite.exec('INSERT INTO a_x VALUES (1), (2); INSERT INTO a_y VALUES (3); INSERT INTO ab_x VALUES (4)')
    source.close()
    const to = openMemoryDatabase({ migrations })
    copyTables({ from, to, owner: 'a' })
    const rows = (table: string) => to.sqlite.prepare(`SELECT v FROM ${table}`).pluck().all()
    expect([rows('a_x'), rows('a_y'), rows('ab_x')]).toEqual([[1, 2], [3], []])
    to.close()
  })

  it('refuses a running devnet, and a directory without one', () => {
    const from = directory()
    const to = openMemoryDatabase({ migrations })
    expect(() => copyTables({ from, to, owner: 'a' })).toThrow(expect.objectContaining({ code: 'NO_DEVNET_HERE' }))
    const running = openDatabase({ dataDir: from, migrations })
    expect(() => copyTables({ from, to, owner: 'a' })).toThrow(expect.objectContaining({ code: 'DATA_LOCKED' }))
    running.close()
    to.close()
  })
})
