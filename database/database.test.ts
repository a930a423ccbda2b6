import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DevnetDatabase, type MigrationSet, openDatabase, openMemoryDatabase } from './index.ts'

const first: MigrationSet = { owner: 'notes', migrations: [{ id: 1, sql: 'CREATE TABLE notes (body TEXT NOT NULL) STRICT' }] }
const second: MigrationSet = {
  owner: 'notes',
  migrations: [...first.migrations, { id: 2, sql: 'ALTER TABLE notes ADD COLUMN day INTEGER' }],
}

let dataDir: string
const opened: DevnetDatabase[] = []

function open(migrations: readonly MigrationSet[] = [first]): DevnetDatabase {
  const database = openDatabase({ dataDir, migrations })
  opened.push(database)
  return database
}

function columns(database: DevnetDatabase): unknown[] {
  return database.sqlite.prepare("SELECT name FROM pragma_table_info('notes')").pluck().all()
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zkdevnet-database-'))
})

afterEach(() => {
  for (const database of opened.splice(0)) database.close()
  rmSync(dataDir, { recursive: true, force: true })
})

describe('openDatabase', () => {
  it('makes the directory, keeps what was written, and closes twice without harm', () => {
    dataDir = join(dataDir, 'a', 'b')
    const database = open()
    database.sqlite.exec("INSERT INTO notes VALUES ('kept')")
    database.close()
    database.close()
    expect(open().sqlite.prepare('SELECT body FROM notes').pluck().all()).toEqual(['kept'])
  })

  it('writes ahead, syncs at checkpoints and enforces foreign keys', () => {
    const { sqlite } = open()
    const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].map((name) => sqlite.pragma(name, { simple: true }))
    expect(settings).toEqual(['wal', 1, 1, 5000])
  })

  it('writes the log into the file when asked to, where much was committed', () => {
    const database = open()
    const insert = database.sqlite.prepare('INSERT INTO notes VALUES (?)')
    const commit = (count: number) => {
      for (let i = 0; i < count; i++) database.transaction(() => insert.run('x'.repeat(4_000)))
    }
    const size = () => statSync(join(dataDir, 'devnet.sqlite')).size
    const before = size()
    commit(10)
    database.checkpoint()
    expect(size()).toBe(before)
    commit(300)
    database.checkpoint()
    expect(size()).toBeGreaterThan(before + 300 * 4_000)
  })

  it('says which directory cannot be made', () => {
    const file = join(dataDir, 'file')
    writeFileSync(file, '')
    dataDir = join(file, 'below')
    expect(() => open()).toThrow(expect.objectContaining({ code: 'DATA_DIRECTORY', message: expect.stringContaining(dataDir) }))
  })
})

describe('migrations', () => {
  it('are applied once, and only the new ones later', () => {
    open([first]).close()
    const database = open([second])
    expect(columns(database)).toEqual(['body', 'day'])
    database.close()
    expect(columns(open([second]))).toEqual(['body', 'day'])
  })

  it('are all undone when one fails', () => {
    const broken: MigrationSet = { owner: 'broken', migrations: [{ id: 1, sql: 'CREATE TABLE broken (a); NOT SQL' }] }
    expect(() => open([first, broken])).toThrow('syntax error')
    expect(open([]).sqlite.prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('notes', 'broken')").pluck().get()).toBe(0)
  })

  it.each([
    ['a newer step', [second], [first]],
    ['an unknown owner', [first], []],
    ['an edited step', [first], [{ owner: 'notes', migrations: [{ id: 1, sql: 'CREATE TABLE notes (other TEXT)' }] }]],
  ])('refuse a file with %s and leave it as it is', (_case, before, now) => {
    open(before).close()
    expect(() => open(now)).toThrow(expect.objectContaining({ code: 'DATA_VERSION', exitCode: 6 }))
    expect(columns(open(before)).length).toBeGreaterThan(0)
  })

  it("refuse another program's database and a file that is none", () => {
    const path = join(dataDir, 'devnet.sqlite')
    const foreign = new Database(path)
    foreign.exec('CREATE TABLE theirs (a)')
    foreign.close()
    expect(() => open()).toThrow(expect.objectContaining({ code: 'DATA_VERSION' }))
    writeFileSync(path, 'x'.repeat(8192))
    expect(() => open()).toThrow(expect.objectContaining({ code: 'DATA_VERSION' }))
  })

  it('must be numbered without gaps and have one owner each', () => {
    expect(() => openMemoryDatabase({ migrations: [{ owner: 'a', migrations: [{ id: 2, sql: '' }] }] })).toThrow('not numbered')
    expect(() => openMemoryDatabase({ migrations: [first, first] })).toThrow('one owner')
  })
})

describe('the lock', () => {
  it('refuses a second node and names the first', () => {
    open()
    expect(() => open()).toThrow(
      expect.objectContaining({ code: 'DATA_LOCKED', exitCode: 6, message: expect.stringContaining(`process ${process.pid}`) }),
    )
  })

  it('is held again after a failed open', () => {
    open([second]).close()
    expect(() => open([first])).toThrow(expect.objectContaining({ code: 'DATA_VERSION' }))
    expect(columns(open([second]))).toEqual(['body', 'day'])
  })

  it('vanishes when its holder is killed, and what the holder committed is there', async () => {
    const script = `
      import { openDatabase } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
      const database = openDatabase(${JSON.stringify({ dataDir, migrations: [first] })})
      database.transaction(() => database.sqlite.exec("INSERT INTO notes VALUES ('committed')"))
      database.sqlite.exec("BEGIN; INSERT INTO notes VALUES ('not committed')")
      console.log('holding')
      setInterval(() => {}, 1000)`
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(holder, 'exit')
    await once(holder.stdout, 'data')
    expect(() => open()).toThrow(
      expect.objectContaining({ code: 'DATA_LOCKED', message: expect.stringContaining(`process ${holder.pid}`) }),
    )
    holder.kill('SIGKILL')
    await exited
    expect(open().sqlite.prepare('SELECT body FROM notes').pluck().all()).toEqual(['committed'])
  })
})

describe('transaction', () => {
  it('commits as a whole, joins an open one and undoes everything when it throws', () => {
    const database = open()
    const insert = database.sqlite.prepare('INSERT INTO notes VALUES (?)')
    database.transaction(() => {
      insert.run('outer')
      database.transaction(() => insert.run('inner'))
    })
    expect(() =>
      database.transaction(() => {
        insert.run('lost')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(database.sqlite.prepare('SELECT body FROM notes').pluck().all()).toEqual(['outer', 'inner'])
  })

  it('runs what waits for the commit in the same step, and nothing of it when it is undone', () => {
    const database = open()
    const insert = database.sqlite.prepare('INSERT INTO notes VALUES (?)')
    const seen: string[] = []
    const note = (text: string) => () => seen.push(`${text} ${database.sqlite.inTransaction}`)
    database.transaction(() => {
      database.afterCommit(note('outer'))
      database.transaction(() => database.afterCommit(note('inner')))
      insert.run('kept')
      expect(seen).toEqual([])
    })
    expect(seen).toEqual(['outer false', 'inner false'])
    expect(() =>
      database.transaction(() => {
        database.afterCommit(note('lost'))
        throw new Error('no')
      }),
    ).toThrow('no')
    database.transaction(() => insert.run('later'))
    database.afterCommit(note('alone'))
    expect(seen).toEqual(['outer false', 'inner false', 'alone false'])
  })

  it('reports a full disk and goes on when there is room again', () => {
    const database = open()
    const insert = database.sqlite.prepare('INSERT INTO notes VALUES (?)')
    const write = () => database.transaction(() => insert.run('x'.repeat(1_000_000)))
    database.sqlite.pragma('max_page_count = 20')
    expect(write).toThrow(expect.objectContaining({ code: 'DATA_DISK_FULL' }))
    database.sqlite.pragma('max_page_count = 100000')
    write()
    expect(database.sqlite.prepare('SELECT count(*) FROM notes').pluck().get()).toBe(1)
  })

  it('reports a file that turned read-only', () => {
    const database = open()
    database.sqlite.pragma('query_only = ON')
    expect(() => database.transaction(() => database.sqlite.exec("INSERT INTO notes VALUES ('x')"))).toThrow(
      expect.objectContaining({ code: 'DATA_DIRECTORY' }),
    )
  })
})
